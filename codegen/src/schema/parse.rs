//! JSON tree in, schema tree out. Every keyword is known or an error: nothing is ignored in silence, since a rule that
//! nobody enforces lets a paid job fail. Must not repair anything; that is fixing up.

mod drafts;
mod validation;
mod value;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::accepted::{Accepted, UNENFORCED_HELP};
use super::pattern::ecma;
use super::{NumberRules, Other, Schema};
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

const PATTERN_HELP: &str = "write it as JavaScript would, in the words of ECMA-262 with the flag `u`; where that can't be, accept \
                            the keyword around it (`not`) in overrides.toml: [accept], then `keywords = [\"…\"]`";

/// What a maintainer may leave unchecked although it is known, where that can only let more values pass.
const LEFT_OUT: &[&str] = &["pattern", "not"];

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
            Value::Bool(value) => schema.boolean = Some(*value),
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
            "title" => schema.title = self.string(value, at),
            "description" => schema.description = self.string(value, at),
            "default" => schema.default = Some(value.clone()),
            "format" => schema.format = self.string(value, at),
            "enum" => schema.values = self.list(value, at).map(<[Value]>::to_vec),
            "const" => schema.constant = Some(value.clone()),
            "$ref" => schema.reference = Some(self.string(value, at)),
            "nullable" => schema.nullable = self.boolean(value, at),
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
                let source = self.string(value, at);
                string.pattern = Some(self.pattern(source, at));
            }
            // The list form of `items` needs `additionalItems` and is read once all keywords are known.
            "items" if value.is_array() => {}
            "items" => array.items = Some(Box::new(self.schema(value, at))),
            "additionalItems" => {}
            "prefixItems" => array.prefix = self.schemas(value, at),
            "minItems" => array.min_items = self.count(value, at),
            "maxItems" => array.max_items = self.count(value, at),
            "uniqueItems" => array.unique = self.boolean(value, at),
            "properties" => object.properties = self.named(value, at),
            "required" => object.required = self.strings(value, at),
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
            "dependentRequired" => Other::Value(self.lists_of_strings(value, at)),
            "dependencies" => return self.dependencies(schema, value, at),
            _ => return self.unknown(keyword, at),
        };
        add_other(schema, keyword, other);
    }

    fn anchor(&mut self, value: &Value, pointer: &str, at: &str) {
        let name = self.string(value, at);
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
        let open = Schema { boolean: Some(true), ..Schema::default() };
        let rest = std::mem::replace(rest, Box::new(open));
        schema.others.push(("additionalProperties".to_owned(), Other::Schema(rest)));
    }
}

#[cfg(test)]
mod tests;
