//! `$ref` as text, and the schema that stands where it leads. Only references within the file are followed; what is wrong
//! with one is for others to tell.

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
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
