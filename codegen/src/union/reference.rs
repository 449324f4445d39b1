//! A `$ref` and its document in, the schema it points at out. Must not know what schemas mean.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::error::{Error, ErrorKind};

/// The schema that `reference` points at, with its decoded JSON pointer: two spellings of one place give one pointer.
///
/// # Errors
/// [`ErrorKind::Reference`] for anything but an existing place of the same document. `at` is where the reference stands.
pub(super) fn resolve<'d>(document: &'d Value, reference: &str, at: &str) -> Result<(&'d Value, String), Error> {
    let refuse = |message: String, help: &str| Error::new(ErrorKind::Reference, message).at(at).help(help);
    let Some(fragment) = reference.strip_prefix('#') else {
        return Err(refuse(
            format!("`$ref` to {reference:?} leads out of the file"),
            "copy the schema into `$defs` of this file and refer to it there",
        ));
    };
    let pointer = percent_decode_str(fragment).decode_utf8().map_err(|_| {
        refuse(format!("`$ref` to {reference:?} is not UTF-8"), "percent-encode the pointer's bytes as UTF-8")
    })?;
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(refuse(
            format!("`$ref` to {reference:?} names an anchor"),
            "refer to the schema by its full JSON pointer, such as `#/$defs/name`",
        ));
    }
    match document.pointer(&pointer) {
        Some(schema) => Ok((schema, pointer.into_owned())),
        None => Err(refuse(format!("`$ref` to {reference:?} leads nowhere"), "correct the pointer, or add its target")),
    }
}

/// `pointer` one step further down, at `key`.
pub(super) fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_is_followed_in_full_and_not_by_its_last_segment() {
        let document = json!({"a": {"x": 1}, "b": {"x": 2}});
        assert_eq!(resolve(&document, "#/b/x", "").map(|found| found.0), Ok(&json!(2)));
    }

    #[test]
    fn percent_and_tilde_escapes_lead_to_the_same_place() {
        let document = json!({"$defs": {"a/b ~%": true}});
        let pointer = below("#/$defs", "a/b ~%");
        assert_eq!(pointer, "#/$defs/a~1b ~0%");
        let spelled = "#/%24defs/a~1b%20~0%25";
        assert_eq!(resolve(&document, spelled, "").map(|found| found.1), Ok("/$defs/a~1b ~0%".to_owned()));
    }

    #[test]
    fn missing_external_anchor_and_mangled_references_are_refused() {
        for reference in ["#/nowhere", "https://example.com/schema", "other.json#/a", "#anchor", "#/%ff", ""] {
            let error = resolve(&json!({}), reference, "/properties/a").expect_err(reference);
            assert_eq!((error.kind, error.place.as_str()), (ErrorKind::Reference, "/properties/a"));
        }
    }
}
