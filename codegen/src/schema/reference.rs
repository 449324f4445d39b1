//! `$ref` as text, and the schema that stands where it leads. Only references within the file are followed; what is wrong
//! with one is for others to tell.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::Schema;

/// A whole file, and every schema in it by its place. Every schema knows its place, so no keyword is read as a name.
pub(crate) struct Document<'s> {
    root: &'s Schema,
    by_pointer: HashMap<&'s str, &'s Schema>,
}

impl<'s> Document<'s> {
    pub(crate) fn new(root: &'s Schema) -> Self {
        let mut by_pointer = HashMap::new();
        let mut waiting = vec![root];
        while let Some(schema) = waiting.pop() {
            by_pointer.entry(schema.pointer.as_str()).or_insert(schema);
            waiting.extend(schema.parts());
        }
        Self { root, by_pointer }
    }

    /// The schema that a reference leads to; `None` if that is nowhere, or out of the file.
    pub(crate) fn referred(&self, reference: &str) -> Option<&'s Schema> {
        self.at(&target(reference)?)
    }

    /// The schema that the `$ref` of a schema leads to, if it has one that leads somewhere.
    pub(crate) fn target_of(&self, schema: &Schema) -> Option<&'s Schema> {
        self.referred(schema.reference.as_deref()?)
    }

    /// The schema at a pointer into the document.
    pub(crate) fn at(&self, pointer: &str) -> Option<&'s Schema> {
        self.by_pointer.get(format!("{}{pointer}", self.root.pointer).as_str()).copied()
    }
}

/// The JSON pointer of a reference within the file. The fragment of a URI may write any byte as `%XX`.
pub(crate) fn target(reference: &str) -> Option<String> {
    Some(percent_decode_str(reference.strip_prefix('#')?).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse;
    use serde_json::json;

    #[test]
    fn a_plus_is_no_digit_of_an_escape() {
        let schema = parse(&json!({"$defs": {"a%+Fb": {}, "a/b ~%": {}}}), "").expect("valid");
        let document = Document::new(&schema);
        for reference in ["#/$defs/a%+Fb", "#/%24defs/a~1b%20~0%25"] {
            assert!(document.referred(reference).is_some(), "{reference}");
        }
        for reference in ["#/$defs/b", "https://example.com/a", "other.json#/a", ""] {
            assert!(document.referred(reference).is_none(), "{reference}");
        }
    }
}
