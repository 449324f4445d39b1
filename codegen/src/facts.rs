//! `--facts-only` of `import` and `sync`: a published schema in, the same without the sentences that somebody wrote for it out. What stays is
//! listed: keys, the titles of node inputs, types, formats, values, bounds, what is required, and defaults that are settings. Must not know what becomes
//! of a schema.

mod pairs;
mod sentences;

use serde_json::Value;

pub(crate) use pairs::{Pairs, items};
pub(crate) use sentences::{is_address, is_unit, sentences};

use crate::name::NodeKey;
use sentences::is_sentence;

/// Keywords whose values are facts, whatever they are.
const FACTS: &[&str] = &[
    "type",
    "enum",
    "const",
    "required",
    "dependentRequired",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "divisibleBy",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "$ref",
    "$vocabulary",
    "$dynamicRef",
    "$recursiveRef",
];

/// Keywords whose values are switches, if they are `true` or `false`.
const SWITCHES: &[&str] = &["nullable", "uniqueItems", "deprecated", "readOnly", "writeOnly", "$recursiveAnchor"];

/// Keywords whose values are words that programs know, if they are a word.
const WORDS: &[&str] = &[
    "format",
    "contentMediaType",
    "contentEncoding",
    "validation_rule",
    "$schema",
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
];

/// Keywords whose values are a schema, or a list of them.
const SCHEMAS: &[&str] = &[
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "contentSchema",
];

/// Keywords whose values are schemas by name.
const NAMED: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];

/// Keywords whose values are sentences or samples. So is every `x-…`, and what [`TEXT_WORDS`] tells.
const TEXTS: &[&str] = &["title", "description", "$comment", "examples", "example", "validation_error"];

/// The last words of keywords that editors and forms add, whose values are texts for people: `enumDescriptions`, `ui:help`.
const TEXT_WORDS: &[&str] = &[
    "caption",
    "comment",
    "description",
    "documentation",
    "example",
    "help",
    "hint",
    "label",
    "message",
    "name",
    "note",
    "placeholder",
    "summary",
    "text",
    "title",
    "tooltip",
];

/// How many references are followed to the list of values that a default is of.
const MAX_REFERENCES: u8 = 8;

/// The facts of a schema that is JSON; its numbers stay as they are written.
pub(crate) fn facts(schema: &str) -> String {
    let document = serde_json::from_str(schema).unwrap_or_default();
    Facts { document: &document }.schema(schema)
}

struct Facts<'d> {
    document: &'d Value,
}

impl Facts<'_> {
    fn schema(&self, text: &str) -> String {
        let Some(mut pairs) = Pairs::read(text) else { return without_text(text) };
        let whole: Value = serde_json::from_str(text).unwrap_or_default();
        pairs.0.retain(|(keyword, value)| self.is_kept(keyword, value, &whole));
        for (keyword, value) in &mut pairs.0 {
            *value = self.value(keyword, value);
        }
        pairs.to_string()
    }

    /// Whether a keyword stands among the facts, whole or in part.
    fn is_kept(&self, keyword: &str, value: &str, schema: &Value) -> bool {
        if keyword == "default" {
            let default = serde_json::from_str(value).unwrap_or_default();
            return self.is_setting(&default, schema, MAX_REFERENCES);
        }
        let is_word = || !value.contains(char::is_whitespace);
        let is_switch = || matches!(value, "true" | "false");
        !(is_text(keyword) || WORDS.contains(&keyword) && !is_word() || SWITCHES.contains(&keyword) && !is_switch())
    }

    /// The facts in the value of a keyword that is kept.
    fn value(&self, keyword: &str, text: &str) -> String {
        match keyword {
            _ if keyword == "default" || [FACTS, SWITCHES, WORDS].iter().any(|known| known.contains(&keyword)) => {
                text.to_owned()
            }
            _ if keyword == "validations" || SCHEMAS.contains(&keyword) => self.schemas(text),
            _ if NAMED.contains(&keyword) => Pairs::read(text).map_or_else(
                || without_text(text),
                |named| {
                    let facts = named.0.into_iter().map(|(name, part)| {
                        let facts = self.schemas(&part);
                        let facts = if keyword == "properties" { labelled(&name, facts, &part) } else { facts };
                        (name, facts)
                    });
                    Pairs(facts.collect()).to_string()
                },
            ),
            // Nobody knows whether it is a fact. Its name stays, so that whoever reads the schema can say so.
            _ => without_text(text),
        }
    }

    /// A schema, a list of them, or a list of keys.
    fn schemas(&self, text: &str) -> String {
        let is_key = |part: &str| part.starts_with('"');
        items(text).map_or_else(
            || self.schema(text),
            |parts| {
                let facts = parts.iter().map(|part| if is_key(part) { part.clone() } else { self.schema(part) });
                format!("[{}]", facts.collect::<Vec<_>>().join(","))
            },
        )
    }

    /// Whether a default is a setting and no sample: a number, a switch, a listed value, or a list or an object of such.
    fn is_setting(&self, default: &Value, schema: &Value, references: u8) -> bool {
        let is_setting = |value: &Value, schema: &Value| self.is_setting(value, schema, references);
        let is_listed = schema["enum"].as_array().is_some_and(|values| values.contains(default));
        let made_of_settings = match default {
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
            Value::String(_) => schema.get("const") == Some(default),
            Value::Array(values) => values.iter().all(|value| is_setting(value, &schema["items"])),
            Value::Object(map) => {
                let part = |name: &str| schema["properties"].get(name);
                map.iter().all(|(name, value)| part(name).is_some_and(|part| is_setting(value, part)))
            }
        };
        let mut forms = ["allOf", "anyOf", "oneOf"].iter().filter_map(|form| schema[form].as_array()).flatten();
        let target = schema["$ref"].as_str().and_then(|target| self.document.pointer(target.strip_prefix('#')?));
        is_listed
            || made_of_settings
            || forms.any(|form| is_setting(default, form))
            || (references > 0 && target.is_some_and(|target| self.is_setting(default, target, references - 1)))
    }
}

/// The facts of a property, with its title where the key is one of a node: nothing else says what is meant.
fn labelled(key: &str, facts: String, schema: &str) -> String {
    let title = || Pairs::read(schema)?.get("title").map(str::to_owned);
    let is_label = |title: &String| serde_json::from_str(title).is_ok_and(|text: String| !is_sentence(&text));
    match (NodeKey::parse(key), title().filter(is_label), Pairs::read(&facts)) {
        (Some(_), Some(title), Some(mut facts)) => {
            facts.0.insert(0, ("title".to_owned(), title));
            facts.to_string()
        }
        _ => facts,
    }
}

/// Whether a keyword's values are texts for people, as far as its name says.
fn is_text(keyword: &str) -> bool {
    let is_known = [FACTS, SWITCHES, WORDS, SCHEMAS, NAMED].iter().any(|known| known.contains(&keyword));
    let last = keyword.rfind(|c: char| !c.is_ascii_lowercase()).map_or(keyword, |start| &keyword[start..]);
    let last = last.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase();
    let is_told =
        || TEXT_WORDS.contains(&&*last) || last.strip_suffix('s').is_some_and(|one| TEXT_WORDS.contains(&one));
    TEXTS.contains(&keyword) || keyword.starts_with("x-") || !is_known && is_told()
}

/// A value as it is if it holds no text, else nothing.
fn without_text(json: &str) -> String {
    if json.contains('"') { "null".to_owned() } else { json.to_owned() }
}

#[cfg(test)]
mod tests;
