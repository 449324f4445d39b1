//! What is read of a schema, and every way in which one is refused: with all places at once, and words that lead on.

use super::*;
use serde_json::json;

fn errors(value: &Value) -> Vec<String> {
    let errors = parse(value, "").expect_err("must be refused");
    errors.iter().map(|error| format!("{} {}", error.place, error.message)).collect()
}

#[test]
fn every_unknown_keyword_is_named_with_its_pointer() {
    let found = errors(&json!({"properties": {"a/b": {"minimun": 1}, "c": {"order": 2}}}));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("/properties/a~1b/minimun unknown keyword"), "{found:?}");
}

#[test]
fn a_keyword_nobody_enforces_is_refused() {
    assert!(errors(&json!({"$dynamicRef": "#a"}))[0].contains("not enforced"));
}

#[test]
fn a_validation_that_nobody_measures_is_refused_unless_accepted() {
    let schema = |rule: &str| json!({"validations": [{"validation_rule": rule, "validation_value": 1}]});
    for known in ["file_size_mb<", "width/height>=", "width_pixels>", "height_pixels<="] {
        assert_eq!(parse(&schema(known), "").expect(known).validations.len(), 1);
    }
    for unknown in ["duration_s<", "file_size_mb", "file_size_mb<>", "<"] {
        assert!(errors(&schema(unknown))[0].contains("not enforced"), "{unknown}");
    }
    let mut accepted = Accepted { keywords: ["duration_s<".to_owned()].into(), ..Accepted::default() };
    assert!(parse_accepting(&schema("duration_s<"), "", &mut accepted).expect("accepted").validations.is_empty());
    assert_eq!(accepted.met, accepted.keywords);
}

#[test]
fn both_spellings_of_a_dependency_hold_and_empty_ones_say_nothing() {
    let parsed = parse(&json!({"dependencies": {"a": ["b"]}, "dependentRequired": {"a": ["c"]}}), "");
    let parsed = parsed.expect("valid");
    assert_eq!((parsed.others.len(), parsed.all_of.len()), (1, 1));
    let parsed = parse(&json!({"dependencies": {}, "dependentSchemas": {}, "patternProperties": {}}), "");
    assert!(parsed.expect("valid").others.is_empty());
}

#[test]
fn an_accepted_keyword_is_left_out_and_noted() {
    let mut accepted = Accepted { keywords: ["order".to_owned(), "more".to_owned()].into(), ..Accepted::default() };
    let schema = json!({"properties": {"a": {"order": 2, "minimum": 1, "x-order": 3}}});
    let parsed = parse_accepting(&schema, "", &mut accepted).expect("accepted");
    assert!(parsed.object.properties[0].1.number.minimum.is_some());
    assert_eq!(accepted.met, ["order".to_owned()].into());
}

/// Elsewhere, less to check may mean that fewer values pass.
#[test]
fn a_pattern_is_left_out_only_where_that_refuses_nothing() {
    let mut accepted = Accepted { keywords: ["pattern".to_owned()].into(), ..Accepted::default() };
    for (schema, left_out) in [
        (json!({"properties": {"a": {"items": {"anyOf": [{"pattern": "a"}]}}}}), true),
        (json!({"oneOf": [{"pattern": "a"}, {"properties": {"b": {"pattern": "b"}}}]}), false),
        (json!({"not": {"pattern": "a"}}), false),
        (json!({"$defs": {"a": {"pattern": "a"}}}), false),
    ] {
        let parsed = parse_accepting(&schema, "", &mut accepted).expect("valid");
        assert_eq!(!parsed.to_full_json().to_string().contains("pattern"), left_out, "{schema}");
    }
    let mut accepted = Accepted { keywords: ["not".to_owned()].into(), ..Accepted::default() };
    let parsed = parse_accepting(&json!({"not": {"pattern": "a"}, "minimum": 1}), "", &mut accepted);
    assert!(parsed.expect("valid").others.is_empty() && accepted.met == accepted.keywords);
}

#[test]
fn dependencies_are_told_apart_by_their_form() {
    let parsed = parse(&json!({"dependencies": {"a": ["b"], "c": {"required": ["d"]}, "e": "f"}}), "").expect("valid");
    assert_eq!(parsed.others[0].1, Other::Value(json!({"a": ["b"], "e": ["f"]})));
    assert!(matches!(&parsed.others[1].1, Other::Schemas(parts) if parts.len() == 1 && parts[0].0 == "c"));
}

#[test]
fn unknown_keywords_are_found_in_what_a_library_checks_too() {
    assert!(errors(&json!({"not": {"minimun": 1}}))[0].starts_with("/not/minimun"));
    assert!(errors(&json!({"patternProperties": {"(": {}}}))[0].contains("no regular expression"));
}

#[test]
fn an_anchor_is_another_name_for_a_pointer() {
    let schema = json!({"properties": {"a": {"$ref": "#text"}, "b": {"not": {"$ref": "#text"}}, "c": {"$ref": "#other"}},
        "$defs": {"a/b": {"$anchor": "text", "type": "string"}}});
    let parsed = parse(&json!({"output": schema})["output"], "/output").expect("valid");
    let written = parsed.to_full_json().to_string();
    assert_eq!(written.matches("\"#/$defs/a~1b\"").count(), 2, "{written}");
    assert!(written.contains("\"#other\""), "{written}");
    assert!(errors(&json!({"items": {"$anchor": "a"}, "contains": {"$anchor": "a"}}))[0].contains("twice"));
}

#[test]
fn properties_named_like_keywords_are_properties() {
    let schema = parse(&json!({"properties": {"not": {}, "$ref": {}, "enum": {}}}), "").expect("names, not keywords");
    assert_eq!(schema.object.properties.len(), 3);
}

#[test]
fn both_forms_of_exclusive_bounds_mean_the_same() {
    let old = parse(&json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": false}), "");
    let new = parse(&json!({"exclusiveMinimum": 1, "maximum": 5}), "");
    assert_eq!(old.expect("draft 4"), new.expect("draft 6"));
}

#[test]
fn both_forms_of_tuples_mean_the_same() {
    let parsed = |value| parse(&value, "").expect("valid").array;
    let old = parsed(json!({"items": [{"type": "string"}], "additionalItems": false}));
    assert_eq!((old.prefix.len(), old.items.and_then(|rest| rest.boolean)), (1, Some(false)));
    let new = parsed(json!({"prefixItems": [{"type": "string"}], "items": false}));
    assert_eq!((new.prefix.len(), new.items.and_then(|rest| rest.boolean)), (1, Some(false)));
}

#[test]
fn wrong_shapes_are_all_reported() {
    let found = errors(&json!({"type": 5, "required": "prompt", "minLength": -1, "multipleOf": 0, "title": []}));
    assert_eq!(found.len(), 5, "{found:?}");
}
