//! Rules and tables in, the keywords of JSON Schema out. The inverse of what the generator did, but with readable names.

use schemars::SchemaGenerator;
use serde_json::{Map, json};

use super::fragment::{self, definition};
use super::media;
use super::spelling::Spelling;
use crate::Json;
use crate::schema::rule::{Rule, Types};
use crate::schema::table::{Field, Table, TableRef};

/// Writes one schema.
pub(super) struct Writer<'g> {
    generator: &'g mut SchemaGenerator,
    /// The name of the type, with which the names of definitions begin.
    name: &'g str,
    /// The tables that are being written, each with the one that spells it.
    open: Vec<Open>,
}

struct Open {
    table: &'static Table,
    spelled_by: Option<&'static Table>,
    /// The name it gets if it turns out to hold itself.
    name: String,
    holds_itself: bool,
}

/// The keywords of one schema.
#[derive(Default)]
struct Keywords(Map<String, Json>);

impl Keywords {
    /// Adds a keyword. One that is there already goes on beside it, in `allOf`.
    fn put(&mut self, keyword: &str, value: impl Into<Json>) {
        if keyword != "allOf" && !self.0.contains_key(keyword) {
            self.0.insert(keyword.to_owned(), value.into());
            return;
        }
        let more = if keyword == "allOf" { value.into() } else { json!([{ keyword: value.into() }]) };
        match (self.0.entry("allOf").or_insert_with(|| json!([])), more) {
            (Json::Array(all), Json::Array(more)) => all.extend(more),
            (all, more) => *all = more,
        }
    }
}

impl<'g> Writer<'g> {
    pub(super) fn new(generator: &'g mut SchemaGenerator, name: &'g str) -> Self {
        Self { generator, name, open: Vec::new() }
    }

    /// The schema of a whole input.
    pub(super) fn root(&mut self, table: &'static Table) -> Map<String, Json> {
        let rules = [Rule::Type(Types::OBJECT), Rule::Properties(TableRef::Static(table))];
        let mut keywords = Keywords::default();
        self.rules(&rules, Spelling(&rules), self.name, &mut keywords);
        keywords.0
    }

    /// The schema of a value with these rules.
    fn schema(&mut self, rules: &[Rule], spelling: Spelling<'_>, path: &str) -> Json {
        if matches!(rules, [Rule::Never]) {
            return false.into();
        }
        let mut keywords = Keywords::default();
        self.rules(rules, spelling, path, &mut keywords);
        keywords.0.into()
    }

    fn rules(&mut self, rules: &[Rule], spelling: Spelling<'_>, path: &str, to: &mut Keywords) {
        for rule in rules {
            match *rule {
                Rule::Type(types) => to.put("type", type_names(types)),
                Rule::Values(values) => {
                    let values = values.iter().map(|value| spelling.value(&value.into()));
                    to.put("enum", values.collect::<Json>());
                }
                Rule::Properties(table) => self.properties(table.get(), spelling, path, to),
                Rule::AdditionalProperties(rest) => {
                    // Closed structs have no room for other names, whatever the schema says.
                    if spelling.table().is_none_or(|table| table.open) {
                        to.put("additionalProperties", self.schema(rest, Spelling(rest), &format!("{path}.entry")));
                    }
                }
                // A reference does not let `additionalProperties` see the names behind it.
                Rule::NoAdditionalProperties if to.0.contains_key("$ref") => to.put("unevaluatedProperties", false),
                Rule::NoAdditionalProperties => _ = to.0.insert("additionalProperties".to_owned(), false.into()),
                // The rule is about keys; of the names here it is known which have a key that it refuses.
                Rule::PropertyNames(names) if spelling.renames() => {
                    let refused: Map<String, Json> = spelling.refused(names).map(|name| (name, false.into())).collect();
                    if !refused.is_empty() {
                        to.put("allOf", json!([{ "properties": refused }]));
                    }
                }
                Rule::PropertyNames(names) => {
                    to.put("propertyNames", self.schema(names, Spelling::UNKNOWN, path));
                }
                Rule::Items(items) => {
                    to.put("items", self.schema(items, Spelling(items), &format!("{path}.item")));
                }
                Rule::PrefixItems(lists) => to.put("prefixItems", self.schemas(lists, None, path)),
                Rule::AllOf(lists) => to.put("allOf", self.schemas(lists, Some(spelling), path)),
                Rule::AnyOf(lists) => to.put("anyOf", self.schemas(lists, Some(spelling), path)),
                Rule::OneOf(lists) => to.put("oneOf", self.schemas(lists, Some(spelling), path)),
                Rule::Never => to.put("not", json!({})),
                Rule::Media(kind) => to.put("pattern", media::pattern(kind)),
                // It speaks of the file behind the text.
                Rule::Validation(_) => {}
                Rule::Fragment(found) => {
                    if let Some(schema) = fragment::readable(found.schema(), spelling, self.name, self.generator) {
                        to.put("allOf", json!([schema]));
                    }
                }
                rule => simple(rule, to),
            }
        }
    }

    /// Several schemas of one value, or of the items at the start of a list.
    fn schemas(&mut self, lists: &[&'static [Rule]], outer: Option<Spelling<'_>>, path: &str) -> Json {
        let one = |(index, rules): (usize, &&'static [Rule])| {
            // Names are spelled by the value's own table, if it has one beside the union.
            let spelling = outer.filter(|outer| outer.table().is_some()).unwrap_or(Spelling(rules));
            self.schema(rules, spelling, &format!("{path}.{index}"))
        };
        lists.iter().enumerate().map(one).collect()
    }

    /// The properties of an object; by reference, if the object holds itself.
    fn properties(&mut self, table: &'static Table, spelling: Spelling<'_>, path: &str, to: &mut Keywords) {
        let spelled_by = spelling.table();
        let is_same = |open: &&mut Open| {
            std::ptr::eq(open.table, table)
                && match (open.spelled_by, spelled_by) {
                    (Some(one), Some(other)) => std::ptr::eq(one, other),
                    (one, other) => one.is_none() && other.is_none(),
                }
        };
        if let Some(open) = self.open.iter_mut().find(is_same) {
            open.holds_itself = true;
            let reference = definition(self.generator, &open.name);
            return to.put("$ref", reference);
        }
        let name = if self.open.is_empty() { format!("{path}.self") } else { path.to_owned() };
        self.open.push(Open { table, spelled_by, name, holds_itself: false });
        let object = self.object(table, spelling, path);
        let Some(open) = self.open.pop() else { return };
        if open.holds_itself {
            self.generator.definitions_mut().insert(open.name.clone(), object.0.clone().into());
            if !self.open.is_empty() {
                return to.put("$ref", definition(self.generator, &open.name));
            }
        }
        object.0.into_iter().for_each(|(keyword, value)| to.put(&keyword, value));
    }

    fn object(&mut self, table: &'static Table, spelling: Spelling<'_>, path: &str) -> Keywords {
        let mut to = Keywords::default();
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (index, field) in table.fields.iter().enumerate() {
            // A part of a union speaks of the fields of the whole.
            let name = if spelling.table().is_some_and(|own| std::ptr::eq(own, table)) {
                field.name
            } else {
                spelling.name(field.key)
            };
            properties.insert(name.to_owned(), self.field(field, &format!("{path}.{}", part(name, index))));
            if field.required {
                required.push(name);
            }
        }
        if !properties.is_empty() {
            to.put("properties", properties);
        }
        if !required.is_empty() {
            to.put("required", required);
        }
        if !table.open {
            to.put("additionalProperties", false);
        }
        self.rules(table.rules, spelling, path, &mut to);
        to
    }

    /// A field: its texts, then its rules.
    fn field(&mut self, field: &'static Field, path: &str) -> Json {
        let mut to = Keywords::default();
        if !field.title.is_empty() {
            to.put("title", field.title);
        }
        let description = description(field);
        if !description.is_empty() {
            to.put("description", description);
        }
        self.rules(field.rules, Spelling(field.rules), path, &mut to);
        if let Some(default) = field.default_value() {
            let default = Spelling(field.rules).value(&default);
            match (is_sample(field), &default) {
                (true, Json::String(empty)) if empty.is_empty() => {}
                (true, _) => to.put("examples", json!([default])),
                (false, _) => to.put("default", default),
            }
        }
        to.0.into()
    }
}

/// A field's name as a part of a definition's: keys of unions may hold what no reference and no component of OpenAPI may.
fn part(name: &str, index: usize) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.is_empty() && name.bytes().all(is_plain) { name.to_owned() } else { format!(".{index}") }
}

/// Keywords with a plain value.
fn simple(rule: Rule, to: &mut Keywords) {
    match rule {
        Rule::Minimum(bound) => to.put("minimum", Json::from(bound)),
        Rule::Maximum(bound) => to.put("maximum", Json::from(bound)),
        Rule::ExclusiveMinimum(bound) => to.put("exclusiveMinimum", Json::from(bound)),
        Rule::ExclusiveMaximum(bound) => to.put("exclusiveMaximum", Json::from(bound)),
        Rule::MultipleOf(step) => to.put("multipleOf", Json::from(step)),
        Rule::MinLength(count) => to.put("minLength", count),
        Rule::MaxLength(count) => to.put("maxLength", count),
        Rule::Pattern(pattern) => to.put("pattern", pattern.source()),
        Rule::MinItems(count) => to.put("minItems", count),
        Rule::MaxItems(count) => to.put("maxItems", count),
        Rule::UniqueItems => to.put("uniqueItems", true),
        Rule::MinProperties(count) => to.put("minProperties", count),
        Rule::MaxProperties(count) => to.put("maxProperties", count),
        _ => {}
    }
}

/// The published text, and what no keyword says.
fn description(field: &Field) -> String {
    let mut texts = vec![field.description.to_owned()];
    add_hints(field.rules, &mut texts);
    texts.retain(|text| !text.is_empty());
    let (last, others) = texts.split_last().map_or(("", &[][..]), |(last, others)| (last, others));
    let ended = |text: &String| format!("{text}{} ", if text.ends_with(['.', '!', '?', ':']) { "" } else { "." });
    others.iter().map(ended).collect::<String>() + last
}

/// What the rules about files ask for, those of a list's items included.
fn add_hints(rules: &[Rule], texts: &mut Vec<String>) {
    for rule in rules {
        match rule {
            Rule::Media(kind) => texts.push(media::hint(*kind)),
            Rule::Validation(validation) => texts.push(validation.message.to_owned()),
            Rule::Items(items) => add_hints(items, texts),
            _ => {}
        }
    }
}

/// Whether the published default is a sample of the playground, which nobody wants in their picture.
fn is_sample(field: &Field) -> bool {
    let is = |wanted: fn(&Rule) -> bool| field.rules.iter().any(wanted);
    is(|rule| matches!(rule, Rule::Media(_)))
        || field.required
            && is(|rule| matches!(rule, Rule::Type(Types::STRING)))
            && !is(|rule| matches!(rule, Rule::Values(_)))
}

fn type_names(types: Types) -> Json {
    let words = [
        (Types::NUMBER, "number"),
        (Types::INTEGER, "integer"),
        (Types::STRING, "string"),
        (Types::BOOLEAN, "boolean"),
        (Types::ARRAY, "array"),
        (Types::OBJECT, "object"),
        (Types::NULL, "null"),
    ];
    // Numbers include integers.
    let named = |one: Types| types.contains(one) && !(one == Types::INTEGER && types.contains(Types::NUMBER));
    let names: Vec<&str> = words.into_iter().filter(|(one, _)| named(*one)).map(|(_, name)| name).collect();
    match names.as_slice() {
        [one] => (*one).into(),
        several => several.into(),
    }
}
