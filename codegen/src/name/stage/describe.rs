//! What a lock recognises the fields of the representation by: a field in, its key, title, definition, types and values
//! out. Must not know what a lock does with them.

use std::collections::HashSet;

use serde_json::Value;

use crate::ir::{Field, Form, Media, Object, Rule, Ty, Type, TypeKind};
use crate::lock::{self, Definition};
use crate::name::NodeKey;
use crate::spelling;

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
    let definition = definition(kind(&field.ty, types), field, types);
    lock::Field {
        key: field.key.clone(),
        input: NodeKey::parse(&field.key).map(|key| key.input_part()),
        title: field.title.clone(),
        definition: definition.values(listed(field, types).into_iter().map(|value| value.text)),
        is_bare: false,
    }
}

/// What a field's values are, but for those that it lists.
fn definition(kind: String, field: &Field, types: &[Type]) -> Definition {
    let mut definition = Definition::new(kind);
    for (keyword, value) in bounds("", &field.rules, types) {
        definition = definition.bound(keyword, &value);
    }
    if matches!(field.ty, Ty::Nullable(_)) {
        definition = definition.bound("nullable", "true");
    }
    if let Some(default) = &field.default {
        definition = definition.default_text(&text(default));
    }
    definition
}

/// What tells a form of a union from the others: where its keys have node ids, what tells the field that it is known by
/// from others. Where several fields make it, each mark is that of all of them, in an order of its own.
pub(super) fn form(form: &Form, types: &[Type]) -> lock::Field {
    let fields = form_fields(form, types);
    let node_keys: Vec<NodeKey> = fields.iter().filter_map(|field| NodeKey::parse(&field.key)).collect();
    if node_keys.is_empty() {
        let values = listed_in(&form.ty, types).into_iter().map(|value| value.text);
        let definition = Definition::new(kind(&form.ty, types)).values(values);
        return lock::Field { key: form.key.clone(), input: None, title: String::new(), definition, is_bare: false };
    }
    let sorted = |mut marks: Vec<String>| {
        marks.sort();
        marks.join(" ")
    };
    lock::Field {
        key: form.key.clone(),
        input: Some(sorted(node_keys.iter().map(NodeKey::input_part).collect())),
        title: sorted(fields.iter().map(|field| field.title.clone()).collect()),
        definition: match fields.as_slice() {
            [only] => definition(format!("object by {}", kind(&only.ty, types)), only, types),
            _ => Definition::new("object"),
        },
        is_bare: false,
    }
}

/// The fields that a form is known by.
pub(super) fn form_fields<'t>(form: &Form, types: &'t [Type]) -> Vec<&'t Field> {
    let found = object(&form.ty, types).map_or(&[][..], |object| &object.fields);
    form.by.iter().filter_map(|key| found.iter().find(|field| field.key == *key)).collect()
}

/// The object that a type is.
pub(super) fn object<'t>(ty: &Ty, types: &'t [Type]) -> Option<&'t Object> {
    match ty {
        Ty::Named(id) | Ty::Boxed(id) => match &types[*id].kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
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
        // What has names; other values are among the bounds.
        Ty::Map(values) => list(&format!("{at}/additionalProperties"), values, &[], types, out),
        Ty::Tuple(parts) => {
            let parts = parts.iter().enumerate();
            parts.for_each(|(place, part)| list(&format!("{at}/prefixItems/{place}"), part, &[], types, out));
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
                let (keyword, text) = spelling::rule(other, types);
                found.push((format!("{at}{keyword}"), text));
            }
        }
    }
    found
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

    #[test]
    fn no_order_that_means_nothing_shows() {
        let part =
            |fields: &str| format!(r#"{{"type": "object", "properties": {{{fields}}}, "required": ["x", "y"]}}"#);
        let (x, y) = (r#""x": {"type": ["string", "null"]}"#, r#""y": {"enum": [1, "a"], "title": "Y"}"#);
        let (u, v) = (r#""x": {"type": ["null", "string"]}"#, r#""y": {"enum": ["a", 1], "title": "Z"}"#);
        let other = r#"{"type": "array", "minItems": 1, "items": {"type": ["string", "boolean"]}}"#;
        let turned = r#"{"items": {"type": ["boolean", "string"]}, "minItems": 1, "type": "array"}"#;
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let all = |parts: [&str; 3]| {
                rules(&format!(r#"{{"properties": {{"a": {{"{keyword}": [{}]}}}}}}"#, parts.join(", ")))
            };
            let one = all([&part(&format!("{x}, {y}")), r#"{"type": "string", "maxLength": 3}"#, other]);
            let two = all([turned, &part(&format!("{v}, {u}")), r#"{"maxLength": 3, "type": "string"}"#]);
            assert_eq!(one, two);
            assert!(one[0].0 == keyword && one[0].1.contains("y!: values"), "{one:?}");
        }
    }
}
