//! What a lock recognises the fields of the representation by: a field in, its key, title, definition, types and values
//! out. Must not know what a lock does with them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::ir::{Field, Form, Media, Rule, Ty, Type, TypeId, TypeKind};
use crate::lock::{self, Definition};
use crate::name::NodeKey;

/// A listed value of a field.
pub(super) struct Listed {
    /// Where inside the field.
    pub at: String,
    /// The value: a string as it is, anything else as JSON text.
    pub text: String,
    /// The Rust variant, once it is named; `None` where values have no names.
    pub variant: Option<String>,
}

/// What tells a field from others.
pub(super) fn field(field: &Field, types: &[Type]) -> lock::Field {
    let mut definition =
        Definition::new(kind(&field.ty, types)).values(listed(field, types).into_iter().map(|value| value.text));
    for (keyword, value) in bounds("", &field.rules, types) {
        definition = definition.bound(keyword, &value);
    }
    if matches!(field.ty, Ty::Nullable(_)) {
        definition = definition.bound("nullable", "true");
    }
    if let Some(default) = &field.default {
        definition = definition.default_text(&text(default));
    }
    lock::Field {
        key: field.key.clone(),
        input: NodeKey::parse(&field.key).map(|key| key.input_part()),
        title: field.title.clone(),
        definition,
    }
}

/// What tells a form of a union from the others.
pub(super) fn form(form: &Form, types: &[Type]) -> lock::Field {
    let values = listed_in(&form.ty, types).into_iter().map(|value| value.text);
    let definition = Definition::new(kind(&form.ty, types)).values(values);
    lock::Field { key: form.key.clone(), input: None, title: String::new(), definition }
}

/// The values that a type lists.
pub(super) fn listed_in(ty: &Ty, types: &[Type]) -> Vec<Listed> {
    let mut values = Vec::new();
    list("", ty, &[], types, &mut values);
    values
}

/// The values that a field lists, `null` apart: it is no value but the absence of one.
pub(super) fn listed(field: &Field, types: &[Type]) -> Vec<Listed> {
    let mut values = Vec::new();
    list("", &field.ty, &field.rules, types, &mut values);
    values
}

fn list(at: &str, ty: &Ty, rules: &[Rule], types: &[Type], out: &mut Vec<Listed>) {
    let mut seen = HashSet::new();
    let mut add = |text: String, variant: Option<&str>| {
        if seen.insert(text.clone()) {
            out.push(Listed { at: at.to_owned(), text, variant: variant.map(str::to_owned) });
        }
    };
    match ty {
        Ty::Nullable(inner) => list(at, inner, rules, types, out),
        Ty::Named(id) if matches!(types[*id].kind, TypeKind::Choice(_)) => {
            let TypeKind::Choice(choice) = &types[*id].kind else { return };
            choice.values.iter().for_each(|value| add(value.value.clone(), Some(&value.variant)));
        }
        Ty::List(items) => {
            let rules = rules.iter().find_map(|rule| if let Rule::Items(rules) = rule { Some(rules) } else { None });
            list(&format!("{at}/items"), items, rules.map_or(&[], Vec::as_slice), types, out);
        }
        _ => {
            let values =
                rules.iter().filter_map(|rule| if let Rule::Values(values) = rule { Some(values) } else { None });
            values.flatten().filter(|value| !value.is_null()).for_each(|value| add(text(value), None));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The type in words. Neither bounds nor values are part of it, so `i64` and `u64` are one, and so are texts and enums.
fn kind(ty: &Ty, types: &[Type]) -> String {
    match ty {
        Ty::Bool => "boolean".to_owned(),
        Ty::I64 | Ty::U64 => "integer".to_owned(),
        Ty::F64 => "number".to_owned(),
        Ty::Text => "string".to_owned(),
        Ty::Media(Media::Image) => "image".to_owned(),
        Ty::Media(Media::Video) => "video".to_owned(),
        Ty::Media(Media::Audio) => "audio".to_owned(),
        Ty::Json => "any".to_owned(),
        Ty::List(items) => format!("array of {}", kind(items, types)),
        Ty::Map(values) => format!("map of {}", kind(values, types)),
        Ty::Tuple(parts) => {
            format!("tuple of {}", parts.iter().map(|part| kind(part, types)).collect::<Vec<_>>().join(", "))
        }
        Ty::Named(id) | Ty::Boxed(id) => match types[*id].kind {
            TypeKind::Choice(_) => "string".to_owned(),
            TypeKind::Union(_) => "union".to_owned(),
            TypeKind::Object(_) | TypeKind::Table(_) => "object".to_owned(),
        },
        Ty::Nullable(inner) => kind(inner, types),
    }
}

/// Keywords and their values, those of items included: `minimum`, `items.maxLength`.
fn bounds(at: &str, rules: &[Rule], types: &[Type]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for rule in rules {
        match rule {
            // The type and the values are told apart from the bounds; an object's fields are locked by themselves.
            Rule::Type(_) | Rule::Media(_) | Rule::Values(_) | Rule::Properties(_) => {}
            Rule::Items(rules) => found.extend(bounds(&format!("{at}items."), rules, types)),
            Rule::Validation { rule, value, .. } => found.push((format!("{at}{rule}"), value.to_string())),
            other => {
                let (keyword, text) = spelled(other, types, &mut Vec::new());
                found.push((format!("{at}{keyword}"), text));
            }
        }
    }
    found
}

/// A rule as keyword and text, without anything that depends on the order of the schema's properties, and without texts
/// for people.
fn spelled(rule: &Rule, types: &[Type], inside: &mut Vec<TypeId>) -> (String, String) {
    let text = match rule {
        Rule::Properties(id) if inside.contains(id) => "itself".to_owned(),
        Rule::Properties(id) => table(*id, types, inside),
        other => {
            let mut one = |rule: &Rule| {
                let (keyword, text) = spelled(rule, types, inside);
                format!("{keyword} {text}")
            };
            let mut all = |rules: &[Rule]| format!("{{{}}}", rules.iter().map(&mut one).collect::<Vec<_>>().join(", "));
            let lists: Vec<String> = other.lists().into_iter().map(&mut all).collect();
            if lists.is_empty() { plain(other) } else { lists.join(" ") }
        }
    };
    let keyword = keyword(rule);
    // The names of `validations` are not ours.
    let mut letters = keyword.chars();
    let first = letters.next().into_iter().map(|first| first.to_ascii_lowercase());
    (first.chain(letters).collect(), text)
}

/// The fields of a table by key, whatever their order.
fn table(id: TypeId, types: &[Type], inside: &mut Vec<TypeId>) -> String {
    let (TypeKind::Object(object) | TypeKind::Table(object)) = &types[id].kind else { return String::new() };
    inside.push(id);
    let mut fields: Vec<String> = Vec::new();
    for field in &object.fields {
        let rules: Vec<String> = field
            .rules
            .iter()
            .map(|rule| spelled(rule, types, inside))
            .map(|(key, text)| format!("{key} {text}"))
            .collect();
        let mark = if field.required { "!" } else { "" };
        fields.push(format!("{}{mark}: {}", field.key, rules.join(", ")));
    }
    inside.pop();
    fields.sort();
    format!("{{{}}}", fields.join("; "))
}

/// What a rule is called in a lock.
fn keyword(rule: &Rule) -> String {
    let keyword = match rule {
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
    };
    keyword.to_owned()
}

/// What a rule that holds no others says, as a lock has it.
fn plain(rule: &Rule) -> String {
    match rule {
        Rule::Type(names) => json!(names).to_string(),
        Rule::Values(values) => json!(values).to_string(),
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
        Rule::Fragment { keywords, document } => json!({"keywords": keywords, "document": document}).to_string(),
        Rule::PrefixItems(_) | Rule::AllOf(_) | Rule::AnyOf(_) | Rule::OneOf(_) => String::new(),
        Rule::Items(_)
        | Rule::AdditionalProperties(_)
        | Rule::PropertyNames(_)
        | Rule::Properties(_)
        | Rule::UniqueItems
        | Rule::NoAdditionalProperties
        | Rule::Never => "true".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<(String, String)> {
        let file = crate::SourceFile { path: "input.json".into(), text: text.into() };
        let json = crate::json::parse(&file).expect("JSON");
        let types = crate::lower::input(&crate::schema::parse(&json, "").expect("a schema")).expect("lowered");
        let TypeKind::Object(input) = &types[0].kind else { panic!("no object") };
        bounds("", &input.fields[0].rules, &types)
    }

    #[test]
    fn bounds_are_told_by_keyword_and_those_of_items_apart() {
        let found = rules(
            r#"{"properties": {"a": {"type": "array", "maxItems": 3, "items": {"type": "integer", "minimum": 2}}}}"#,
        );
        let expected = [("items.minimum", "2"), ("maxItems", "3")];
        assert_eq!(found, expected.map(|(keyword, value)| (keyword.to_owned(), value.to_owned())));
    }

    /// A lock is compared with what later releases of the generator write.
    #[test]
    fn a_lock_spells_rules_as_it_always_did() {
        let spelled = |rule: Rule| spelled(&rule, &[], &mut Vec::new());
        let fragment = Rule::Fragment { keywords: json!({"not": {}}), document: json!({"not": {}, "$defs": {}}) };
        for (rule, keyword, text) in [
            (Rule::Type(vec!["integer".into()]), "type", r#"["integer"]"#),
            (Rule::Values(vec![json!("a"), json!(1.0)]), "values", r#"["a",1.0]"#),
            (Rule::MultipleOf(3.into()), "multipleOf", "3"),
            (Rule::Pattern("^a\"".into()), "pattern", r#""^a\"""#),
            (Rule::UniqueItems, "uniqueItems", "true"),
            (Rule::Media(Media::Image), "media", r#""Image""#),
            (Rule::AnyOf(vec![vec![Rule::Never], Vec::new()]), "anyOf", "{never true} {}"),
            (Rule::Items(Vec::new()), "items", "{}"),
            (fragment, "fragment", r#"{"keywords":{"not":{}},"document":{"not":{},"$defs":{}}}"#),
        ] {
            assert_eq!(spelled(rule), (keyword.to_owned(), text.to_owned()));
        }
    }

    #[test]
    fn the_order_of_properties_in_a_union_does_not_show() {
        let part = |fields: &str| format!(r#"{{"type": "object", "properties": {{{fields}}}}}"#);
        let union = |fields: &str| {
            let parts = [part(fields), r#"{"type": "string"}"#.to_owned()].join(", ");
            rules(&format!(r#"{{"properties": {{"a": {{"anyOf": [{parts}]}}}}}}"#))
        };
        let (x, y) = (r#""x": {"type": "string"}"#, r#""y": {"type": "integer", "title": "Y"}"#);
        let (one, other) = (union(&format!("{x}, {y}")), union(&format!("{y}, {x}")));
        assert_eq!(one, other);
        assert!(one[0].0 == "anyOf" && one[0].1.contains("y: type"), "{one:?}");
    }
}
