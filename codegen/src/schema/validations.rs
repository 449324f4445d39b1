//! RunComfy's own rules about media (`validations`). In: a repaired schema tree. Out: an error for each rule that nobody
//! would measure where it stands, like a keyword that nobody enforces. Must not know how the runtime measures.

use super::{Accepted, Schema};
use crate::json::join;
use crate::{Error, ErrorKind, Errors};

/// What the runtime can measure of media, as rules of `validations`: one of these and a comparison sign.
const MEASURED: &[&str] = &[FILE_SIZE, "width_pixels", "height_pixels", "width/height"];

/// The only one that every kind of media has.
const FILE_SIZE: &str = "file_size_mb";

/// Whether the runtime measures that of any media at all.
pub(super) fn is_measured(rule: &str) -> bool {
    let quantity = quantity(rule);
    MEASURED.contains(&quantity) && matches!(&rule[quantity.len()..], "<" | "<=" | ">" | ">=")
}

fn quantity(rule: &str) -> &str {
    rule.trim_end_matches(['<', '>', '='])
}

/// Refuses the rules that can't be measured where they stand, and takes out those of them that `accepted` names.
///
/// # Errors
/// Each such rule, with its pointer and the reason.
pub fn measurable(schema: &mut Schema, accepted: &mut Accepted) -> Result<(), Errors> {
    let mut errors = Errors::default();
    walk(schema, false, accepted, &mut errors);
    errors.or(())
}

fn walk(schema: &mut Schema, for_library: bool, accepted: &mut Accepted, errors: &mut Errors) {
    for rule in std::mem::take(&mut schema.validations) {
        match unmeasured(schema, quantity(&rule.rule), for_library) {
            None => schema.validations.push(rule),
            Some(_) if accepted.accepts(&rule.rule) => {}
            Some(why) => {
                let message = format!("the rule {:?} of `validations` is not enforced here: {why}", rule.rule);
                let error = Error::new(ErrorKind::UnknownKeyword, message).at(join(&schema.pointer, "validations"));
                errors.push(error.help(super::parse::UNENFORCED_HELP));
            }
        }
    }
    for (_, other) in &mut schema.others {
        other.parts_mut().for_each(|part| walk(part, true, accepted, errors));
    }
    schema.for_each_own_part(&mut |part| walk(part, for_library, accepted, errors));
}

/// Why a quantity can't be measured of what a schema describes.
fn unmeasured(schema: &Schema, quantity: &str, for_library: bool) -> Option<&'static str> {
    if for_library {
        return Some("a library checks the keyword it stands in, which doesn't know `validations`");
    }
    if !schema.types.is_empty() && !schema.has_type("string") {
        return Some("only files are measured, and the type is not `string`");
    }
    let of_images = schema.format.is_empty() || schema.format == "image_uri";
    (quantity != FILE_SIZE && !of_images).then_some("this is measured of images alone")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixup, schema::parse};
    use serde_json::{Value, json};

    fn refused(mut schema: Value, rule: &str) -> Option<String> {
        schema["validations"] = json!([{"validation_rule": rule, "validation_value": 1}]);
        let mut parsed = parse(&json!({"properties": {"a": schema}}), "").expect("a rule that is known");
        fixup::input(&mut parsed);
        measurable(&mut parsed, &mut Accepted::default()).err().map(|errors| errors.to_string())
    }

    #[test]
    fn the_shape_is_measured_of_images_and_the_size_of_all_files() {
        for kind in ["image", "video", "audio"] {
            let one = json!({"type": "string", "format": format!("{kind}_uri")});
            let list = json!({"type": "array", "format": format!("{kind}_uris")});
            for schema in [one, list] {
                assert_eq!(refused(schema.clone(), "file_size_mb<"), None);
                assert_eq!(refused(schema, "width_pixels>=").is_none(), kind == "image", "{kind}");
            }
        }
        assert_eq!(refused(json!({"type": "string"}), "width/height<"), None, "the text may be a `data:` URI");
    }

    #[test]
    fn a_rule_about_what_is_no_file_is_refused() {
        let errors = refused(json!({"type": "integer"}), "width_pixels>").expect("refused");
        assert!(errors.contains("/properties/a/validations") && errors.contains("[accept]"), "{errors}");
    }

    #[test]
    fn a_rule_within_what_a_library_checks_is_refused_unless_accepted() {
        let rules = json!([{"validation_rule": "file_size_mb<", "validation_value": 1}]);
        let schema = json!({"not": {"type": "string", "validations": rules}});
        let mut parsed = parse(&schema, "").expect("a rule that is known");
        assert!(measurable(&mut parsed.clone(), &mut Accepted::default()).is_err());
        let mut accepted = Accepted { keywords: ["file_size_mb<".to_owned()].into(), ..Accepted::default() };
        measurable(&mut parsed, &mut accepted).expect("accepted");
        assert_eq!(accepted.met, accepted.keywords);
    }
}
