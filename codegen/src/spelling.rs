//! Rules in, words out: as locks keep them and reports show them. Equal rules have equal words, whatever their order. Must
//! not know locks or reports, or how names are made.

use serde_json::{Map, Value, json};

use crate::ir::{Media, Rule, Type, TypeId};
use crate::name::NodeKey;

/// A rule as keyword and text, without anything that depends on an order that means nothing (that of properties, forms,
/// types, listed values and rules), and without texts for people.
pub(crate) fn rule(rule: &Rule, types: &[Type]) -> (String, String) {
    Writer { types, inside: Vec::new() }.rule(rule)
}

struct Writer<'t> {
    types: &'t [Type],
    /// The tables that are being written.
    inside: Vec<TypeId>,
}

impl Writer<'_> {
    fn rule(&mut self, rule: &Rule) -> (String, String) {
        let text = match rule {
            Rule::Properties(id) if self.inside.contains(id) => "itself".to_owned(),
            Rule::Properties(id) => self.table(*id),
            Rule::PrefixItems(lists) => self.lists(lists).join(" "),
            Rule::AllOf(lists) | Rule::AnyOf(lists) | Rule::OneOf(lists) => sorted(self.lists(lists)).join(" "),
            Rule::Items(rules) | Rule::AdditionalProperties(rules) | Rule::PropertyNames(rules) => self.list(rules),
            other => plain(other),
        };
        // The names of `validations` are not ours.
        let mut letters = keyword(rule).chars();
        let first = letters.next().into_iter().map(|first| first.to_ascii_lowercase());
        (first.chain(letters).collect(), text)
    }

    fn lists(&mut self, lists: &[Vec<Rule>]) -> Vec<String> {
        lists.iter().map(|rules| self.list(rules)).collect()
    }

    /// `{maximum 5, type ["integer"]}`
    fn list(&mut self, rules: &[Rule]) -> String {
        format!("{{{}}}", self.rules(rules))
    }

    fn rules(&mut self, rules: &[Rule]) -> String {
        let one = |rule| {
            let (keyword, text) = self.rule(rule);
            format!("{keyword} {text}")
        };
        sorted(rules.iter().map(one).collect()).join(", ")
    }

    /// The fields of a table by key, without the node ids in it: they change while the fields stay.
    fn table(&mut self, id: TypeId) -> String {
        let Some(object) = self.types.get(id).and_then(|of| of.kind.object()) else { return String::new() };
        self.inside.push(id);
        let mark = |required: bool| if required { "!" } else { "" };
        let fields = object
            .fields
            .iter()
            .map(|field| format!("{}{}: {}", stable(&field.key), mark(field.required), self.rules(&field.rules)))
            .collect();
        self.inside.pop();
        format!("{{{}}}", sorted(fields).join("; "))
    }
}

fn stable(key: &str) -> String {
    NodeKey::parse(key).map_or_else(|| key.to_owned(), |key| key.input_part())
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn keyword(rule: &Rule) -> &str {
    match rule {
        Rule::Type(_) => "type",
        Rule::Values(_) => "values",
        Rule::Minimum(_) => "minimum",
        Rule::Maximum(_) => "maximum",
        Rule::ExclusiveMinimum(_) => "exclusiveMinimum",
        Rule::ExclusiveMaximum(_) => "exclusiveMaximum",
        Rule::MultipleOf(_) => "multipleOf",
        Rule::MinLength(_) => "minLength",
        Rule::MaxLength(_) => "maxLength",
        Rule::Pattern(_) => "pattern",
        Rule::Items(_) => "items",
        Rule::PrefixItems(_) => "prefixItems",
        Rule::MinItems(_) => "minItems",
        Rule::MaxItems(_) => "maxItems",
        Rule::UniqueItems => "uniqueItems",
        Rule::Properties(_) => "properties",
        Rule::AdditionalProperties(_) => "additionalProperties",
        Rule::NoAdditionalProperties => "noAdditionalProperties",
        Rule::PropertyNames(_) => "propertyNames",
        Rule::MinProperties(_) => "minProperties",
        Rule::MaxProperties(_) => "maxProperties",
        Rule::AllOf(_) => "allOf",
        Rule::AnyOf(_) => "anyOf",
        Rule::OneOf(_) => "oneOf",
        Rule::Media(_) => "media",
        Rule::Validation { rule, .. } => rule,
        Rule::Fragment { .. } => "fragment",
        Rule::Never => "never",
    }
}

/// What a rule that holds no others says.
fn plain(rule: &Rule) -> String {
    match rule {
        Rule::Type(names) => json!(sorted(names.clone())).to_string(),
        Rule::Values(values) => listed(values).to_string(),
        Rule::Minimum(bound)
        | Rule::Maximum(bound)
        | Rule::ExclusiveMinimum(bound)
        | Rule::ExclusiveMaximum(bound)
        | Rule::MultipleOf(bound)
        | Rule::Validation { value: bound, .. } => bound.to_string(),
        Rule::MinLength(count)
        | Rule::MaxLength(count)
        | Rule::MinItems(count)
        | Rule::MaxItems(count)
        | Rule::MinProperties(count)
        | Rule::MaxProperties(count) => count.to_string(),
        Rule::Pattern(pattern) => json!(pattern).to_string(),
        Rule::Media(Media::Image) => "\"Image\"".to_owned(),
        Rule::Media(Media::Video) => "\"Video\"".to_owned(),
        Rule::Media(Media::Audio) => "\"Audio\"".to_owned(),
        Rule::Fragment { keywords, document } => {
            json!({"keywords": unordered(keywords), "document": unordered(document)}).to_string()
        }
        Rule::UniqueItems
        | Rule::NoAdditionalProperties
        | Rule::Never
        | Rule::Items(_)
        | Rule::PrefixItems(_)
        | Rule::Properties(_)
        | Rule::AdditionalProperties(_)
        | Rule::PropertyNames(_)
        | Rule::AllOf(_)
        | Rule::AnyOf(_)
        | Rule::OneOf(_) => "true".to_owned(),
    }
}

/// A list whose order means nothing, sorted.
fn listed(values: &[Value]) -> Value {
    let mut values: Vec<Value> = values.iter().map(by_key).collect();
    values.sort_by_cached_key(Value::to_string);
    values.into()
}

/// A value with the keys of all objects sorted.
fn by_key(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(by_key).collect(),
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> =
                map.iter().map(|(key, value)| (key.clone(), by_key(value))).collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// A schema in the words of JSON Schema 2020-12, with all sorted whose order means nothing, and without what says nothing.
pub(crate) fn unordered(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let parts = |value: &Value| -> Vec<Value> { value.as_array().into_iter().flatten().map(unordered).collect() };
    let each = |value: &Value, inside: fn(&Value) -> Value| -> Value {
        let entries = value.as_object().into_iter().flatten();
        by_key(&Value::Object(entries.map(|(name, part)| (name.clone(), inside(part))).collect()))
    };
    let names = |value: &Value| listed(value.as_array().map_or(&[], Vec::as_slice));
    let sorted = keywords.iter().filter(|(keyword, value)| !says_nothing(keyword, value)).map(|(keyword, value)| {
        let value = match keyword.as_str() {
            "allOf" | "anyOf" | "oneOf" => listed(&parts(value)),
            "prefixItems" => parts(value).into(),
            "enum" | "required" => names(value),
            "type" if value.is_array() => names(value),
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" => each(value, unordered),
            "dependentRequired" => each(value, |names| listed(names.as_array().map_or(&[], Vec::as_slice))),
            "additionalProperties"
            | "propertyNames"
            | "items"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedItems"
            | "unevaluatedProperties" => unordered(value),
            _ => by_key(value),
        };
        (keyword.clone(), value)
    });
    by_key(&Value::Object(sorted.collect::<Map<_, _>>()))
}

/// Whether a keyword is there and lets everything pass.
fn says_nothing(keyword: &str, value: &Value) -> bool {
    match keyword {
        "minLength" | "minItems" | "minProperties" => value == &json!(0),
        "uniqueItems" => value == &json!(false),
        "required" => value == &json!([]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock is compared with what later releases of the generator write.
    #[test]
    fn rules_are_spelled_as_they_always_were() {
        let fragment = Rule::Fragment { keywords: json!({"not": {}}), document: json!({"not": {}, "$defs": {}}) };
        for (one, keyword, text) in [
            (Rule::Type(vec!["string".into(), "integer".into()]), "type", r#"["integer","string"]"#),
            (Rule::Values(vec![json!(1.0), json!("a")]), "values", r#"["a",1.0]"#),
            (Rule::MultipleOf(3.into()), "multipleOf", "3"),
            (Rule::Pattern("^a\"".into()), "pattern", r#""^a\"""#),
            (Rule::UniqueItems, "uniqueItems", "true"),
            (Rule::Media(Media::Image), "media", r#""Image""#),
            (Rule::AnyOf(vec![Vec::new(), vec![Rule::Never]]), "anyOf", "{never true} {}"),
            (Rule::Items(Vec::new()), "items", "{}"),
            (fragment, "fragment", r#"{"keywords":{"not":{}},"document":{"$defs":{},"not":{}}}"#),
        ] {
            assert_eq!(rule(&one, &[]), (keyword.to_owned(), text.to_owned()));
        }
    }
    #[test]
    fn a_schema_reads_the_same_in_any_order_that_means_nothing() {
        let one = json!({
            "not": {"anyOf": [{"required": ["a", "b"]}, {"const": {"x": 1, "y": [1, 2]}}], "type": ["string", "object"]},
            "if": {"properties": {"a": {"enum": [1, 2]}, "b": true}}, "dependentRequired": {"a": ["b", "c"]}
        });
        let other = json!({
            "dependentRequired": {"a": ["c", "b"]}, "if": {"properties": {"b": true, "a": {"enum": [2, 1]}}},
            "not": {"type": ["object", "string"], "anyOf": [{"const": {"y": [1, 2], "x": 1}}, {"required": ["b", "a"]}]}
        });
        assert_eq!(unordered(&one).to_string(), unordered(&other).to_string());
        for tuple in ["const", "prefixItems"] {
            assert_ne!(unordered(&json!({tuple: [true, false]})), unordered(&json!({tuple: [false, true]})));
        }
    }
}
