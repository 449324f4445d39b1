//! The part of a schema that a library checks: a schema in, a document that stands for itself out.

use serde_json::{Map, Value, json};

use crate::ir::Rule;
use crate::schema::Schema;

/// Where the whole document stands in a fragment that refers to it.
const DOCUMENT: &str = "#/$defs/document";

/// The rule for the keywords of a schema that the checker does not know; nothing if there are none.
///
/// What they depend on comes along: beside `patternProperties` the names of the other properties, beside `unevaluated…`
/// the whole schema, and the document for references.
pub(super) fn fragment(schema: &Schema, document: &Schema) -> Option<Rule> {
    if schema.others.is_empty() {
        return None;
    }
    let bare = schema.without_texts();
    let has = |wanted: &str| bare.others.iter().any(|(keyword, _)| keyword.starts_with(wanted));
    let mut fragment = match bare.to_full_json() {
        Value::Object(whole) if has("unevaluated") => whole,
        _ => bare.others.iter().map(|(keyword, other)| (keyword.clone(), other.to_json())).collect(),
    };
    if has("patternProperties") && !bare.object.properties.is_empty() && !has("unevaluated") {
        let names: Map<_, _> = bare.object.properties.iter().map(|(name, _)| (name.clone(), json!(true))).collect();
        fragment.insert("properties".to_owned(), names.into());
    }
    let mut fragment = Value::Object(fragment);
    if rewrite_references(&mut fragment) {
        let mut whole = document.without_texts().to_full_json();
        rewrite_references(&mut whole);
        fragment["$defs"]["document"] = whole;
    }
    Some(Rule::Fragment(fragment))
}

/// Why a fragment can't be compiled: the runtime would let everything pass.
pub(super) fn refused(fragment: &Value) -> Option<String> {
    let options = jsonschema::draft202012::options().should_validate_formats(false);
    options.build(fragment).err().map(|error| error.masked().to_string())
}

/// Lets references start from where the document stands. Tells whether there are any.
fn rewrite_references(value: &mut Value) -> bool {
    match value {
        Value::Array(parts) => parts.iter_mut().map(rewrite_references).fold(false, |found, one| found | one),
        Value::Object(map) => {
            let mut found = false;
            for (keyword, part) in map {
                match part {
                    // A property may be called `$ref`, but then its value is a schema.
                    Value::String(target) if keyword == "$ref" && target.starts_with('#') => {
                        *target = format!("{DOCUMENT}{}", &target[1..]);
                        found = true;
                    }
                    // Values are no schemas.
                    _ if matches!(keyword.as_str(), "enum" | "const") => {}
                    part => found |= rewrite_references(part),
                }
            }
            found
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse;

    fn of(schema: &Value) -> Option<Value> {
        let schema = parse(schema, "").expect("valid");
        fragment(&schema, &schema).map(|rule| match rule {
            Rule::Fragment(fragment) => fragment,
            _ => panic!("another rule"),
        })
    }

    #[test]
    fn a_fragment_holds_its_keywords_and_no_texts() {
        assert_eq!(of(&json!({"type": "string", "maxLength": 3})), None);
        let schema = json!({"type": "object", "title": "T", "not": {"required": ["a"], "title": "U"}});
        assert_eq!(of(&schema), Some(json!({"not": {"required": ["a"]}})));
    }

    #[test]
    fn patterns_bring_the_names_of_the_other_properties() {
        let schema = json!({
            "properties": {"a": {"type": "string"}},
            "patternProperties": {"^x": {"type": "integer"}},
            "additionalProperties": false
        });
        let expected = json!({
            "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false, "properties": {"a": true}
        });
        assert_eq!(of(&schema), Some(expected));
    }

    #[test]
    fn what_the_library_can_not_compile_is_told() {
        assert_eq!(refused(&json!({"not": {"required": ["a"]}})), None);
        assert!(refused(&json!({"not": {"required": "a"}})).is_some());
        assert!(refused(&json!({"not": {"$ref": "#/$defs/nowhere"}})).is_some());
    }

    #[test]
    fn references_lead_into_the_document_that_comes_along() {
        let schema =
            json!({"not": {"$ref": "#/$defs/a"}, "$defs": {"a": {"anyOf": [{"$ref": "#"}, {"const": {"$ref": "#"}}]}}});
        let found = of(&schema).expect("a fragment");
        assert_eq!(found["not"]["$ref"], "#/$defs/document/$defs/a");
        let part = &found["$defs"]["document"]["$defs"]["a"]["anyOf"];
        assert_eq!((&part[0]["$ref"], &part[1]["const"]["$ref"]), (&json!(DOCUMENT), &json!("#")));
    }
}
