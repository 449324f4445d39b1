//! `[types]` of `overrides.toml`: a schema and the types that a maintainer says its fields have in, the schema with them
//! out. A correction that changes nothing is an error.

use std::collections::BTreeMap;

use crate::overrides::{Correction, unused};
use crate::schema::Schema;
use crate::{Error, ErrorKind, Errors};

/// Gives fields the types that `overrides.toml` says they have, by paths such as `camera/lens`.
///
/// # Errors
/// [`ErrorKind::UnusedOverride`] for a path without a field, and for a field that is published with that type.
pub fn correct(schema: &mut Schema, corrections: &BTreeMap<String, Correction>) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for (path, correction) in corrections {
        match at_path(schema, path) {
            Err(known) => errors.push(unused("[types]", path, known.iter().map(String::as_str))),
            Ok(field) => {
                let before = (field.types.clone(), field.format.clone());
                retype(field, *correction);
                if before == (field.types.clone(), field.format.clone()) {
                    let message = format!("the field {path:?} of [types] is published with that type now");
                    errors.push(Error::new(ErrorKind::UnusedOverride, message).help("remove the entry"));
                }
            }
        }
    }
    errors.or(())
}

/// The field at a path; else the paths there are beside it.
fn at_path<'s>(mut schema: &'s mut Schema, path: &str) -> Result<&'s mut Schema, Vec<String>> {
    for (place, part) in path.split('/').enumerate() {
        if schema.object.properties.is_empty() && schema.array.items.is_some() {
            schema = schema.array.items.as_mut().ok_or_else(Vec::new)?;
        }
        let before: String = path.split('/').take(place).map(|part| format!("{part}/")).collect();
        let known: Vec<String> = schema.object.properties.iter().map(|(key, _)| format!("{before}{key}")).collect();
        schema = schema.object.properties.iter_mut().find(|(key, _)| key == part).map(|(_, part)| part).ok_or(known)?;
    }
    Ok(schema)
}

fn retype(schema: &mut Schema, correction: Correction) {
    let (name, format) = match correction {
        Correction::Boolean => ("boolean", ""),
        Correction::Integer => ("integer", ""),
        Correction::Number => ("number", ""),
        Correction::String => ("string", ""),
        Correction::Array => ("array", ""),
        Correction::Object => ("object", ""),
        Correction::Image => ("string", "image_uri"),
        Correction::Video => ("string", "video_uri"),
        Correction::Audio => ("string", "audio_uri"),
    };
    if format.is_empty() || !schema.types.iter().any(|name| name.eq_ignore_ascii_case("array")) {
        schema.types = vec![name.to_owned()];
    }
    format.clone_into(&mut schema.format);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixup::input;
    use crate::schema::parse;
    use serde_json::json;

    #[test]
    fn a_correction_goes_to_its_field_and_nowhere_else() {
        let published = json!({"properties": {
            "41_value": {"type": "integer"},
            "shots": {"type": "array", "items": {"properties": {"file": {"type": "string"}}}},
            "files": {"type": "array", "items": {"type": "string"}}
        }});
        let mut schema = parse(&published, "").expect("a valid schema");
        let wanted =
            [("41_value", Correction::Number), ("shots/file", Correction::Image), ("files", Correction::Audio)];
        correct(&mut schema, &wanted.map(|(path, kind)| (path.to_owned(), kind)).into()).expect("all match");
        input(&mut schema);
        let [(_, value), (_, shots), (_, files)] = schema.object.properties.as_slice() else { panic!("three fields") };
        let file = &shots.array.items.as_ref().expect("items").object.properties[0].1;
        assert_eq!((value.types[0].as_str(), file.format.as_str()), ("number", "image_uri"));
        assert_eq!(files.array.items.as_ref().expect("items").format, "audio_uri");
    }

    #[test]
    fn a_correction_without_effect_is_an_error() {
        let published = json!({"properties": {"41_value": {"type": "integer"}}});
        for (path, kind, why) in
            [("14_value", Correction::Number, "did you mean \"41_value\""), ("41_value", Correction::Integer, "remove")]
        {
            let mut schema = parse(&published, "").expect("a valid schema");
            let errors = correct(&mut schema, &[(path.to_owned(), kind)].into()).expect_err("no effect").to_string();
            assert!(errors.contains(why), "{errors}");
        }
    }
}
