//! `$ref` in, the schema it means out. Only references within the file are followed.

use super::Lowering;
use crate::ErrorKind;
use crate::schema::Schema;

impl<'s> Lowering<'s> {
    /// The schema that `schema` refers to.
    pub(super) fn target(&mut self, schema: &'s Schema, reference: &str) -> Option<&'s Schema> {
        let Some(fragment) = reference.strip_prefix('#') else {
            let message = format!("the reference {reference:?} leads out of the file");
            self.fail(schema, ErrorKind::Reference, message, "put the schema it means under `$defs` of this file");
            return None;
        };
        let pointer = format!("{}{}", self.document.pointer, percent_decoded(fragment));
        let target = find(self.document, &pointer);
        if target.is_none() {
            let message = format!("the reference {reference:?} leads nowhere");
            self.fail(schema, ErrorKind::Reference, message, "no schema stands at that JSON pointer in this file");
        }
        target
    }

    /// Whether following `target` again would never end.
    pub(super) fn leads_to_itself(&mut self, schema: &'s Schema, target: &'s Schema, table_only: bool) -> bool {
        let known = self.known.contains_key(&(target.pointer.clone(), table_only));
        let endless = !known && self.following.contains(&target.pointer);
        if endless {
            let help = "only an object may contain itself; a reference that leads back to itself has no values";
            self.fail(schema, ErrorKind::Reference, "this reference leads only to itself", help);
        }
        endless
    }
}

/// Finds the schema that stands at `pointer`. Every schema knows its place, so no keyword is read as a name.
pub(super) fn find<'s>(schema: &'s Schema, pointer: &str) -> Option<&'s Schema> {
    if schema.pointer == pointer {
        return Some(schema);
    }
    let inside = pointer.strip_prefix(&schema.pointer).is_some_and(|rest| rest.starts_with('/'));
    if inside { schema.parts().find_map(|part| find(part, pointer)) } else { None }
}

/// The fragment of a URI may write any byte as `%XX`.
pub(super) fn percent_decoded(fragment: &str) -> String {
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
