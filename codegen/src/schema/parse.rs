//! JSON tree in, schema tree out. Every keyword is known or an error: nothing is ignored in silence, since a rule that
//! nobody enforces lets a paid job fail. Must not repair anything; that is fixing up.

mod drafts;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::pattern::ecma;
use super::validations::is_measured;
use super::{NumberRules, Other, Schema, Validation};
use crate::json::join;
use crate::{Error, ErrorKind, Errors};

/// Keywords that say nothing about which values are valid.
const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "id",
    "$comment",
    "$vocabulary",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
];

/// Keywords of JSON Schema that depend on where a schema is evaluated from, which no published one does.
const UNENFORCED: &[&str] = &["$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$recursiveAnchor", "$id", "id"];

pub(super) const UNENFORCED_HELP: &str = "nobody would check this rule before a job is paid for; accept that in overrides.toml: \
                               [accept], then `keywords = [\"…\"]`";

const PATTERN_HELP: &str = "write it as JavaScript would, in the words of ECMA-262 with the flag `u`; where that can't be, accept \
                            the keyword around it (`not`) in overrides.toml: [accept], then `keywords = [\"…\"]`";

/// What a maintainer may leave unchecked although it is known, where that can only let more values pass.
const LEFT_OUT: &[&str] = &["pattern", "not"];

/// Keywords that a maintainer accepted unchecked, and which of them were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Those of one model.
    pub keywords: BTreeSet<String>,
    /// Those of all models.
    pub everywhere: BTreeSet<String>,
    /// Those that a schema has.
    pub met: BTreeSet<String>,
    /// Unknown keywords that a schema has and nobody accepted.
    pub refused: BTreeSet<String>,
}

impl Accepted {
    /// Whether a keyword is accepted, which is noted.
    pub(super) fn accepts(&mut self, keyword: &str) -> bool {
        let accepted = self.keywords.contains(keyword) || self.everywhere.contains(keyword);
        if accepted {
            self.met.insert(keyword.to_owned());
        }
        accepted
    }
}

/// Parses one schema that stands at `pointer`.
///
/// # Errors
/// Every unknown keyword and every keyword whose value has the wrong shape, each with its pointer.
pub fn parse(value: &Value, pointer: &str) -> Result<Schema, Errors> {
    parse_accepting(value, pointer, &mut Accepted::default())
}

/// The same, but keywords that `accepted` names are left out in place of being errors.
///
/// # Errors
/// As for [`parse`].
pub fn parse_accepting(value: &Value, pointer: &str, accepted: &mut Accepted) -> Result<Schema, Errors> {
    let mut parser = Parser { root: pointer, errors: Errors::default(), accepted, strict: 0, anchors: BTreeMap::new() };
    let mut schema = parser.schema(value, pointer);
    if !parser.anchors.is_empty() {
        by_pointer(&mut schema, &parser.anchors);
    }
    parser.errors.or(schema)
}

struct Parser<'a> {
    /// Where the whole schema stands.
    root: &'a str,
    errors: Errors,
    accepted: &'a mut Accepted,
    /// The places of the schemas that have an `$anchor`, as references by pointer.
    anchors: BTreeMap<String, String>,
    /// How many keywords around may refuse more values when this part refuses fewer.
    strict: usize,
}

impl Parser<'_> {
    fn schema(&mut self, value: &Value, pointer: &str) -> Schema {
        let mut schema = Schema { pointer: pointer.to_owned(), ..Schema::default() };
        match value {
            Value::Bool(truth) => schema.constant_truth = Some(*truth),
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    self.keyword(&mut schema, keyword, value, &join(pointer, keyword));
                }
                self.exclusive_flags(&mut schema, keywords, pointer);
                self.list_form_of_items(&mut schema, keywords, pointer);
                patterns_with_the_rest(&mut schema);
            }
            _ => self.wrong(pointer, "a schema", "an object, true or false", value),
        }
        schema
    }

    fn keyword(&mut self, schema: &mut Schema, keyword: &str, value: &Value, at: &str) {
        match keyword {
            "type" => schema.types = self.types(value, at),
            "title" => schema.title = self.text(value, at),
            "description" => schema.description = self.text(value, at),
            "default" => schema.default = Some(value.clone()),
            "format" => schema.format = self.text(value, at),
            "enum" => schema.values = self.list(value, at).map(<[Value]>::to_vec),
            "const" => schema.constant = Some(value.clone()),
            "$ref" => schema.reference = Some(self.text(value, at)),
            "nullable" => schema.nullable = self.truth(value, at),
            "allOf" => schema.all_of.extend(self.forms(value, at)),
            "anyOf" => schema.any_of = self.forms(value, at),
            "oneOf" => schema.one_of = self.strictly(|parser| parser.forms(value, at)),
            "$defs" | "definitions" => {
                let named = self.strictly(|parser| parser.named(value, at)).into_iter();
                schema.definitions.extend(named.map(|(name, part)| (format!("{keyword}/{name}"), part)));
            }
            "validations" => schema.validations = self.validations(value, at),
            _ => self.bound(schema, keyword, value, at),
        }
    }

    fn bound(&mut self, schema: &mut Schema, keyword: &str, value: &Value, at: &str) {
        let (number, string, array, object) =
            (&mut schema.number, &mut schema.string, &mut schema.array, &mut schema.object);
        match keyword {
            "minimum" => number.minimum = self.number(value, at),
            "maximum" => number.maximum = self.number(value, at),
            // The boolean form needs its partner and is read once all keywords are known.
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => {}
            "exclusiveMinimum" => number.exclusive_minimum = self.number(value, at),
            "exclusiveMaximum" => number.exclusive_maximum = self.number(value, at),
            "multipleOf" | "divisibleBy" if number.multiple_of.is_some() => {
                let number = NumberRules { multiple_of: self.positive(value, at), ..NumberRules::default() };
                schema.all_of.push(Schema { number, ..Schema::default() });
            }
            "multipleOf" | "divisibleBy" => number.multiple_of = self.positive(value, at),
            "minLength" => string.min_length = self.count(value, at),
            "maxLength" => string.max_length = self.count(value, at),
            _ if LEFT_OUT.contains(&keyword) && self.strict == 0 && self.accepted.accepts(keyword) => {}
            "pattern" => {
                let source = self.text(value, at);
                string.pattern = Some(self.pattern(source, at));
            }
            // The list form of `items` needs `additionalItems` and is read once all keywords are known.
            "items" if value.is_array() => {}
            "items" => array.items = Some(Box::new(self.schema(value, at))),
            "additionalItems" => {}
            "prefixItems" => array.prefix = self.schemas(value, at),
            "minItems" => array.min_items = self.count(value, at),
            "maxItems" => array.max_items = self.count(value, at),
            "uniqueItems" => array.unique = self.truth(value, at),
            "properties" => object.properties = self.named(value, at),
            "required" => object.required = self.texts(value, at),
            "additionalProperties" => object.additional = Some(Box::new(self.schema(value, at))),
            "propertyNames" => object.names = Some(Box::new(self.schema(value, at))),
            "minProperties" => object.min_properties = self.count(value, at),
            "maxProperties" => object.max_properties = self.count(value, at),
            // It changes what every `$ref` below means.
            "$id" | "id" if schema.pointer != self.root => self.unknown(keyword, at),
            "$anchor" => self.anchor(value, &schema.pointer, at),
            // By convention, what begins so says nothing about which values are valid.
            _ if ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-") => {}
            _ => self.strictly(|parser| parser.other(schema, keyword, value, at)),
        }
    }

    fn strictly<T>(&mut self, parse: impl FnOnce(&mut Self) -> T) -> T {
        self.strict += 1;
        let parsed = parse(self);
        self.strict -= 1;
        parsed
    }

    /// The keywords that a library checks.
    fn other(&mut self, schema: &mut Schema, keyword: &str, value: &Value, at: &str) {
        let other = match keyword {
            "not" | "if" | "then" | "else" | "contains" | "unevaluatedItems" | "unevaluatedProperties" => {
                Other::Schema(Box::new(self.schema(value, at)))
            }
            "minContains" | "maxContains" => Other::Value(self.count(value, at).map_or(Value::Null, Value::from)),
            "patternProperties" => {
                let parts = self.named(value, at).into_iter();
                Other::Schemas(parts.map(|(source, part)| (self.pattern(source, &part.pointer), part)).collect())
            }
            "dependentSchemas" => Other::Schemas(self.named(value, at)),
            "dependentRequired" => Other::Value(self.lists_of_texts(value, at)),
            "dependencies" => return self.dependencies(schema, value, at),
            _ => return self.unknown(keyword, at),
        };
        add_other(schema, keyword, other);
    }

    fn anchor(&mut self, value: &Value, pointer: &str, at: &str) {
        let name = self.text(value, at);
        let reference = format!("#{}", pointer.strip_prefix(self.root).unwrap_or(pointer));
        if self.anchors.insert(name.clone(), reference).is_some() {
            let message = format!("the anchor {name:?} is there twice");
            let error = Error::new(ErrorKind::InvalidSchema, message).at(at);
            self.errors.push(error.help("references to it could mean either: give one of them another name"));
        }
    }

    /// A pattern in the words of ECMA-262. What can't be compiled can't be checked.
    fn pattern(&mut self, source: String, at: &str) -> String {
        let read = ecma(&source).map_err(|error| {
            // Only where less to check lets no fewer values pass may a pattern be left out.
            let error = if self.strict > 0 { error.help(PATTERN_HELP) } else { error };
            error.at(at)
        });
        self.errors.collect(read).unwrap_or(source)
    }

    /// The parts of a combination, of which there must be one.
    fn forms(&mut self, value: &Value, at: &str) -> Vec<Schema> {
        if value.as_array().is_some_and(Vec::is_empty) {
            self.wrong(at, "this", "a list that is not empty", value);
        }
        self.schemas(value, at)
    }

    fn schemas(&mut self, value: &Value, at: &str) -> Vec<Schema> {
        let list = self.list(value, at).unwrap_or_default();
        list.iter().enumerate().map(|(index, part)| self.schema(part, &join(at, index))).collect()
    }

    fn named(&mut self, value: &Value, at: &str) -> Vec<(String, Schema)> {
        let Value::Object(map) = value else {
            self.wrong(at, "this", "an object of schemas", value);
            return Vec::new();
        };
        map.iter().map(|(name, part)| (name.clone(), self.schema(part, &join(at, name)))).collect()
    }

    fn validations(&mut self, value: &Value, at: &str) -> Vec<Validation> {
        let list = self.list(value, at).unwrap_or_default();
        list.iter().enumerate().filter_map(|(index, entry)| self.validation(entry, &join(at, index))).collect()
    }

    fn validation(&mut self, value: &Value, at: &str) -> Option<Validation> {
        let Value::Object(map) = value else {
            self.wrong(at, "a validation", "an object", value);
            return None;
        };
        for key in map.keys().filter(|key| !key.starts_with("validation_")) {
            self.unknown(key, &join(at, key));
        }
        let rule = map.get("validation_rule").map(|rule| self.text(rule, &join(at, "validation_rule")));
        let number = map.get("validation_value").and_then(|value| self.number(value, &join(at, "validation_value")));
        let message = map.get("validation_error").map(|text| self.text(text, &join(at, "validation_error")));
        if let Some(rule) = rule.as_deref().filter(|rule| !is_measured(rule)) {
            self.unmeasured(rule, &join(at, "validation_rule"));
            return None;
        }
        let (Some(rule), Some(value)) = (rule, number) else {
            self.wrong(at, "a validation", "`validation_rule` and a number as `validation_value`", value);
            return None;
        };
        Some(Validation { rule, value, message: message.unwrap_or_default() })
    }

    /// A rule about media that nobody measures is like a keyword that nobody enforces.
    fn unmeasured(&mut self, rule: &str, at: &str) {
        if !self.accepted.accepts(rule) {
            let message = format!("the rule {rule:?} of `validations` is not enforced by the generated code");
            self.errors.push(Error::new(ErrorKind::UnknownKeyword, message).at(at).help(UNENFORCED_HELP));
        }
    }

    fn unknown(&mut self, keyword: &str, at: &str) {
        if self.accepted.accepts(keyword) {
            return;
        }
        self.accepted.refused.insert(keyword.to_owned());
        let (message, help) = if UNENFORCED.contains(&keyword) {
            (format!("the keyword `{keyword}` is not enforced by the generated code"), UNENFORCED_HELP)
        } else {
            (
                format!("unknown keyword {keyword:?}"),
                "check the spelling; if nobody needs to enforce it, accept it in overrides.toml, of the model or at the top \
                 of the schema folder for all: [accept], then `keywords = [\"…\"]`",
            )
        };
        self.errors.push(Error::new(ErrorKind::UnknownKeyword, message).at(at).help(help));
    }
}

/// Lets references lead to a pointer in place of an anchor.
fn by_pointer(schema: &mut Schema, anchors: &BTreeMap<String, String>) {
    if let Some(reference) = &mut schema.reference
        && let Some(pointer) = reference.strip_prefix('#').and_then(|name| anchors.get(name))
    {
        pointer.clone_into(reference);
    }
    schema.for_each_part(&mut |part| by_pointer(part, anchors));
}

/// Adds a keyword for the library, unless it says nothing. What is there already comes from the keyword's other spelling,
/// and holds beside it.
fn add_other(schema: &mut Schema, keyword: &str, other: Other) {
    let is_empty = match &other {
        Other::Value(value) => value.as_object().is_some_and(Map::is_empty),
        Other::Schema(_) => false,
        Other::Schemas(parts) => parts.is_empty(),
    };
    let is_there = schema.others.iter().any(|(there, _)| there == keyword);
    if is_there && !is_empty {
        schema.all_of.push(Schema { others: vec![(keyword.to_owned(), other)], ..Schema::default() });
    } else if !is_empty {
        schema.others.push((keyword.to_owned(), other));
    }
}

/// What `additionalProperties` is about depends on `patternProperties`, so both go to the library. For everybody else, there
/// may be further properties.
fn patterns_with_the_rest(schema: &mut Schema) {
    if schema.others.iter().any(|(keyword, _)| keyword == "patternProperties")
        && let Some(rest) = &mut schema.object.additional
    {
        let open = Schema { constant_truth: Some(true), ..Schema::default() };
        let rest = std::mem::replace(rest, Box::new(open));
        schema.others.push(("additionalProperties".to_owned(), Other::Schema(rest)));
    }
}

#[cfg(test)]
mod tests {
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
        let parsed =
            parse(&json!({"dependencies": {"a": ["b"], "c": {"required": ["d"]}, "e": "f"}}), "").expect("valid");
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
        let schema =
            parse(&json!({"properties": {"not": {}, "$ref": {}, "enum": {}}}), "").expect("names, not keywords");
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
        assert_eq!((old.prefix.len(), old.items.and_then(|rest| rest.constant_truth)), (1, Some(false)));
        let new = parsed(json!({"prefixItems": [{"type": "string"}], "items": false}));
        assert_eq!((new.prefix.len(), new.items.and_then(|rest| rest.constant_truth)), (1, Some(false)));
    }

    #[test]
    fn wrong_shapes_are_all_reported() {
        let found = errors(&json!({"type": 5, "required": "prompt", "minLength": -1, "multipleOf": 0, "title": []}));
        assert_eq!(found.len(), 5, "{found:?}");
    }
}
