//! `$ref` as text, and the schema that stands where it leads. Only references within the file are followed; what is wrong
//! with one is for others to tell.

use percent_encoding::percent_decode_str;

use super::Schema;

impl Schema {
    /// The schema that a reference of this document leads to; `None` if that is nowhere, or out of the file.
    pub(crate) fn referred(&self, reference: &str) -> Option<&Self> {
        let pointer = percent_decoded(reference.strip_prefix('#')?);
        find(self, &format!("{}{pointer}", self.pointer))
    }
}

/// Finds the schema that stands at `pointer`. Every schema knows its place, so no keyword is read as a name.
pub(crate) fn find<'s>(schema: &'s Schema, pointer: &str) -> Option<&'s Schema> {
    if schema.pointer == pointer {
        return Some(schema);
    }
    let inside = pointer.strip_prefix(&schema.pointer).is_some_and(|rest| rest.starts_with('/'));
    if inside { schema.parts().find_map(|part| find(part, pointer)) } else { None }
}

/// The fragment of a URI may write any byte as `%XX`.
pub(crate) fn percent_decoded(fragment: &str) -> String {
    percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_digits_after_a_percent_sign_are_a_byte() {
        assert_eq!(percent_decoded("/$defs/a%20b%C3%BC"), "/$defs/a bü");
        assert_eq!(percent_decoded("/$defs/a%+Fb%-1%4"), "/$defs/a%+Fb%-1%4");
    }
}
