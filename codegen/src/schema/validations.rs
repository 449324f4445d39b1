//! RunComfy's own rules about media (`validations`). In: a repaired schema tree. Out: an error for each rule that nobody
//! would measure where it stands, like a keyword that nobody enforces. Must not know how the runtime measures.

use super::accepted::{Accepted, UNENFORCED_HELP};
use super::{Document, Schema};
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
    if !has_rules(schema) {
        return Ok(());
    }
    let whole = schema.clone();
    let document = Document::new(&whole);
    let mut walk = Walk { document: &document, accepted, errors: Errors::default() };
    walk.schema(schema, false);
    walk.errors.or(())
}

/// Whether there is anything to look at, as in few schemas.
fn has_rules(schema: &Schema) -> bool {
    !schema.validations.is_empty() || schema.parts().any(has_rules)
}

struct Walk<'a> {
    document: &'a Document<'a>,
    accepted: &'a mut Accepted,
    errors: Errors,
}

impl Walk<'_> {
    fn schema(&mut self, schema: &mut Schema, for_library: bool) {
        for rule in std::mem::take(&mut schema.validations) {
            match unmeasured(schema, self.document, quantity(&rule.rule), for_library) {
                None => schema.validations.push(rule),
                Some(_) if self.accepted.accepts(&rule.rule) => {}
                Some(why) => {
                    let message = format!("the rule {:?} of `validations` is not enforced here: {why}", rule.rule);
                    let error = Error::new(ErrorKind::UnknownKeyword, message).at(join(&schema.pointer, "validations"));
                    self.errors.push(error.help(UNENFORCED_HELP));
                }
            }
        }
        schema.for_each_other_part(&mut |part| self.schema(part, true));
        schema.for_each_own_part(&mut |part| self.schema(part, for_library));
    }
}

/// Why a quantity can't be measured of what a schema describes.
fn unmeasured(schema: &Schema, document: &Document<'_>, quantity: &str, for_library: bool) -> Option<&'static str> {
    if for_library {
        return Some("a library checks the keyword it stands in, which doesn't know `validations`");
    }
    let all = with_parts(schema, document);
    if all.iter().any(|part| !part.types.is_empty() && !part.has_type("string")) {
        return Some("only files are measured, and the type is not `string`");
    }
    let is_of_images = |part: &&Schema| part.format.is_empty() || part.format == "image_uri";
    (quantity != FILE_SIZE && !all.iter().all(is_of_images)).then_some("this is measured of images alone")
}

/// A schema, and all that speaks of the same value for sure; each once, however often references lead there.
fn with_parts<'s>(schema: &'s Schema, document: &'s Document<'s>) -> Vec<&'s Schema> {
    let mut all = vec![schema];
    let mut place = 0;
    while let Some(schema) = all.get(place).copied() {
        let target = document.target_of(schema);
        for part in target.into_iter().chain(&schema.all_of) {
            if !all.iter().any(|known| std::ptr::eq(*known, part)) {
                all.push(part);
            }
        }
        place += 1;
    }
    all
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
    fn what_a_reference_and_all_of_say_counts() {
        for part in [json!({"type": "integer"}), json!({"type": "string", "format": "video_uri"})] {
            let schema = |validated: Value| json!({"properties": {"a": validated}, "$defs": {"part": part}});
            let rules = json!([{"validation_rule": "width_pixels>", "validation_value": 1}]);
            for validated in [
                json!({"$ref": "#/$defs/part", "validations": rules}),
                json!({"allOf": [{"$ref": "#/$defs/part"}], "validations": rules}),
            ] {
                let mut parsed = parse(&schema(validated), "").expect("a rule that is known");
                assert!(measurable(&mut parsed, &mut Accepted::default()).is_err(), "{part}");
            }
        }
    }

    #[test]
    fn references_that_multiply_end() {
        let back: Vec<Value> = (0..12).map(|_| json!({"$ref": "#/$defs/part"})).collect();
        let rules = json!([{"validation_rule": "file_size_mb<", "validation_value": 1}]);
        let schema = json!({"properties": {"a": {"$ref": "#/$defs/part", "validations": rules}},
            "$defs": {"part": {"type": "string", "allOf": back}}});
        let mut parsed = parse(&schema, "").expect("a rule that is known");
        measurable(&mut parsed, &mut Accepted::default()).expect("a text");
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
