//! One schema in, one Rust type and its rules out. What combines schemas is for `union`.

use serde_json::{Number, Value};

use super::{Direction, Lowered, Lowering, listed};
use crate::ErrorKind;
use crate::ir::{Choice, ChoiceValue, Form, Item, Media, Origin, Ty, TypeKind, Union};
use crate::schema::{ArrayRules, Document, ObjectRules, Schema};

impl<'s> Lowering<'s> {
    /// Lowers a schema that stands where a value stands.
    pub(super) fn value(&mut self, schema: &'s Schema, origin: &Origin) -> Lowered {
        let ty = self.ty(schema, origin);
        Lowered { ty, rules: self.rules(schema, false) }
    }

    /// The Rust type of a schema's values.
    pub(super) fn ty(&mut self, schema: &'s Schema, origin: &Origin) -> Ty {
        if let Some(reference) = &schema.reference {
            return self.referred(schema, reference);
        }
        if let Some(part) = sole_part(schema) {
            return self.ty(part, origin);
        }
        if let Some(inner) = or_null(schema, &self.document) {
            return nullable(self.ty(inner, origin));
        }
        if schema.is_combined() {
            return self.union(schema, origin);
        }
        let nulls = schema.has_type("null") || listed(schema).is_some_and(|values| values.contains(&Value::Null));
        let ty = self.single(schema, origin);
        if nulls { nullable(ty) } else { ty }
    }

    fn referred(&mut self, schema: &'s Schema, reference: &str) -> Ty {
        let Some(target) = self.target(schema, reference) else { return Ty::Json };
        if self.leads_to_itself(schema, target) {
            return Ty::Json;
        }
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        // A named type ends the recursion; what has no name can't hold itself, and is any JSON there.
        let is_named = self.known.contains_key(&(self.plain(target).pointer.clone(), false));
        let most = if is_named { usize::MAX } else { 0 };
        self.follow(target, (false, most), |lowering| lowering.ty(target, &Origin::Definition(name)))
            .unwrap_or(Ty::Json)
    }

    /// A schema without combinations: at most one type beside `null`.
    fn single(&mut self, schema: &'s Schema, origin: &Origin) -> Ty {
        if let Some(values) = listed(schema) {
            return self.listed(schema, &values, origin);
        }
        let mut types: Vec<&str> = schema.types.iter().map(String::as_str).filter(|name| *name != "null").collect();
        if types.contains(&"number") {
            types.retain(|name| *name != "integer");
        }
        match types.as_slice() {
            [] => Ty::Json,
            ["boolean"] => Ty::Bool,
            ["integer"] => integer(schema, &[]),
            ["number"] => Ty::F64,
            ["string"] => self.text(schema),
            ["array"] if self.holds_itself(schema) => self.recursive("list", schema, origin, Self::array),
            ["object"] if schema.object.properties.is_empty() && self.holds_itself(schema) => {
                self.recursive("map", schema, origin, Self::object)
            }
            ["array"] => self.nested(|lowering| lowering.array(schema, origin)),
            ["object"] => self.nested(|lowering| lowering.object(schema, origin)),
            // An unknown type, which the rules report.
            [_] => Ty::Json,
            _ => self.union(schema, origin),
        }
    }

    /// Lowers what holds other values. rustc gives up on types that nest much deeper, and nobody can read them: what is
    /// deeper is any JSON, with its rules.
    pub(super) fn nested(&mut self, lower: impl FnOnce(&mut Self) -> Ty) -> Ty {
        const MAX_NESTING: usize = 16;
        if self.nesting == MAX_NESTING {
            return Ty::Json;
        }
        self.nesting += 1;
        let ty = lower(self);
        self.nesting -= 1;
        ty
    }

    /// A list or map that holds itself: a union of this one form, since only what has a name can.
    fn recursive(
        &mut self,
        key: &str,
        schema: &'s Schema,
        origin: &Origin,
        lower: fn(&mut Self, &'s Schema, &Origin) -> Ty,
    ) -> Ty {
        let open = self.direction == Direction::Response;
        let (id, inside) = self.named(schema, origin, false, |lowering, id| {
            let origin = Origin::Form { owner: id, form: 0, item: Item::Whole };
            let ty = lowering.nested(|lowering| lower(lowering, schema, &origin));
            TypeKind::Union(Union {
                forms: vec![Form { key: key.to_owned(), by: Vec::new(), rank: 0, name: String::new(), ty }],
                tag: None,
                open,
            })
        });
        if inside { Ty::Boxed(id) } else { Ty::Named(id) }
    }

    fn text(&self, schema: &Schema) -> Ty {
        match media(schema) {
            Some(kind) if self.direction == Direction::Request => Ty::Media(kind),
            _ => Ty::Text,
        }
    }

    fn listed(&mut self, schema: &'s Schema, values: &[Value], origin: &Origin) -> Ty {
        let allowed = |value: &Value| schema.types.is_empty() || schema.types.iter().any(|name| is_a(value, name));
        // What the type does not allow can't be sent, whatever the list says.
        let (nulls, values): (Vec<&Value>, Vec<&Value>) =
            values.iter().filter(|value| allowed(value)).partition(|value| value.is_null());
        if values.is_empty() && !nulls.is_empty() {
            return Ty::Json;
        }
        if values.is_empty() {
            let message = "the listed values can't be sent: there are none, or they contradict the type";
            self.fail(
                schema,
                ErrorKind::InvalidSchema,
                message,
                "check `type`, `enum` and `const` on the model's page",
            );
            return Ty::Json;
        }
        if values.iter().all(|value| value.is_string()) {
            return self.choice(schema, &values, origin);
        }
        if values.iter().all(|value| is_a(value, "integer")) {
            return integer(schema, &values);
        }
        if values.iter().all(|value| value.is_number()) {
            return Ty::F64;
        }
        if values.iter().all(|value| value.is_boolean()) { Ty::Bool } else { Ty::Json }
    }

    fn choice(&mut self, schema: &'s Schema, values: &[&Value], origin: &Origin) -> Ty {
        let values = values.iter().filter_map(|value| value.as_str());
        let choice = choice_of(values, self.direction == Direction::Response);
        let (id, _) = self.named(schema, origin, false, |_, _| TypeKind::Choice(choice));
        Ty::Named(id)
    }

    pub(super) fn array(&mut self, schema: &'s Schema, origin: &Origin) -> Ty {
        let array = &schema.array;
        let count = array.prefix.len() as u64;
        let closed = array.items.as_ref().is_some_and(|items| items.boolean == Some(false));
        let exact = array.min_items == Some(count) && (closed || array.max_items == Some(count));
        if exact && (2..=8).contains(&count) {
            let parts = array.prefix.iter().enumerate();
            return Ty::Tuple(parts.map(|(place, part)| self.ty(part, &place_of(origin, place))).collect());
        }
        match &array.items {
            Some(items) if array.prefix.is_empty() => Ty::List(Box::new(unboxed(self.ty(items, &item_of(origin))))),
            _ => Ty::List(Box::new(Ty::Json)),
        }
    }

    fn object(&mut self, schema: &'s Schema, origin: &Origin) -> Ty {
        if !schema.object.properties.is_empty() {
            let (id, inside) = self.structure(schema, origin);
            return if inside { Ty::Boxed(id) } else { Ty::Named(id) };
        }
        match &schema.object.additional {
            Some(values) if values.boolean != Some(false) => {
                Ty::Map(Box::new(unboxed(self.ty(values, &item_of(origin)))))
            }
            _ => Ty::Map(Box::new(Ty::Json)),
        }
    }
}

/// `allOf: [X]`, the common way to give a reference a title: gives X.
pub(super) fn sole_part(schema: &Schema) -> Option<&Schema> {
    match schema.all_of.as_slice() {
        [part] if schema.any_of.is_empty() && schema.one_of.is_empty() && shapes_nothing(schema) => Some(part),
        _ => None,
    }
}

/// `anyOf: [X, {"type": "null"}]`, the common way to write a nullable X: gives X.
///
/// `oneOf` says the same if null is not among the values of X: else null would fit both forms, and so be refused.
pub(super) fn or_null<'s>(schema: &'s Schema, document: &Document<'_>) -> Option<&'s Schema> {
    let is_null = |part: &Schema| part.types == ["null"] && part.values.is_none() && part.constant.is_none();
    if !(schema.all_of.is_empty() && shapes_nothing(schema)) {
        return None;
    }
    let other = |parts: &'s [Schema]| match parts {
        [one, null] | [null, one] if is_null(null) && !is_null(one) => Some(one),
        _ => None,
    };
    match (schema.any_of.as_slice(), schema.one_of.as_slice()) {
        (parts, []) => other(parts),
        ([], parts) => other(parts).filter(|one| excludes_null(one, document, 0)),
        _ => None,
    }
}

/// Whether null is certainly not valid.
fn excludes_null(schema: &Schema, document: &Document<'_>, depth: u8) -> bool {
    if !schema.types.is_empty() {
        return !schema.has_type("null");
    }
    listed(schema).is_some_and(|values| !values.contains(&Value::Null))
        || depth < 8 && document.target_of(schema).is_some_and(|target| excludes_null(target, document, depth + 1))
}

/// Whether a schema leaves the shape of its values to its parts.
fn shapes_nothing(schema: &Schema) -> bool {
    schema.types.is_empty()
        && schema.object == ObjectRules::default()
        && schema.array == ArrayRules::default()
        && listed(schema).is_none()
}

/// The kind of media that a format names.
pub(super) fn media(schema: &Schema) -> Option<Media> {
    match schema.format.as_str() {
        "image_uri" => Some(Media::Image),
        "video_uri" => Some(Media::Video),
        "audio_uri" => Some(Media::Audio),
        _ => None,
    }
}

/// A string enum without names.
pub(super) fn choice_of<'v>(values: impl IntoIterator<Item = &'v str>, open: bool) -> Choice {
    let value = |value: &str| ChoiceValue { value: value.to_owned(), variant: String::new() };
    Choice { values: values.into_iter().map(value).collect(), open }
}

/// `u64` only where a published bound, default or value needs it: a changed bound must not change a signature.
pub(super) fn integer(schema: &Schema, values: &[&Value]) -> Ty {
    let number = &schema.number;
    let bounds = [&number.minimum, &number.maximum, &number.exclusive_minimum, &number.exclusive_maximum];
    let mut all = bounds.into_iter().flatten().cloned().map(Value::Number).chain(schema.default.clone());
    let big = |value: &Value| value.as_u64().is_some_and(|value| value > i64::MAX as u64);
    let needs = all.any(|value| big(&value)) || values.iter().any(|value| big(value));
    let below = |number: Option<f64>, least: f64| number.is_some_and(|number| number < least);
    let float = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
    let signed = below(float(&number.minimum), 0.0)
        || below(float(&number.exclusive_minimum), -1.0)
        || values.iter().any(|value| below(value.as_f64(), 0.0));
    if needs && !signed { Ty::U64 } else { Ty::I64 }
}

/// Whether a value has a type of JSON Schema; `1.0` is an integer.
fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

pub(super) fn nullable(ty: Ty) -> Ty {
    match ty {
        // `Json` holds null already.
        Ty::Nullable(_) | Ty::Json => ty,
        _ => Ty::Nullable(Box::new(ty)),
    }
}

/// A list or map has room for a type that contains itself.
pub(super) fn unboxed(ty: Ty) -> Ty {
    match ty {
        Ty::Boxed(id) => Ty::Named(id),
        ty => ty,
    }
}

/// The origin of a list's items or a map's values.
pub(super) fn item_of(origin: &Origin) -> Origin {
    let item = |of: &Item| if let Item::Place(_) = of { of.clone() } else { Item::Each };
    part_of(origin, "item", item)
}

/// The origin of what stands at a place in a tuple.
fn place_of(origin: &Origin, place: usize) -> Origin {
    let item = |of: &Item| {
        let outer = if let Item::Place(places) = of { places.as_slice() } else { &[] };
        Item::Place([outer, &[place]].concat())
    };
    part_of(origin, &format!("item {place}"), item)
}

fn part_of(origin: &Origin, word: &str, part: impl Fn(&Item) -> Item) -> Origin {
    match origin {
        Origin::Field { owner, field, item } => Origin::Field { owner: *owner, field: *field, item: part(item) },
        Origin::Form { owner, form, item } => Origin::Form { owner: *owner, form: *form, item: part(item) },
        Origin::Fixed(name) | Origin::Definition(name) => Origin::Definition(format!("{name} {word}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Rule;
    use serde_json::json;

    fn lowered(field: Value) -> Result<Vec<crate::ir::Type>, crate::Errors> {
        let schema = crate::schema::parse(&json!({"properties": {"a": field}}), "").expect("a valid schema");
        super::super::input(&schema)
    }

    #[test]
    fn a_value_that_can_only_be_null_is_any_json_with_a_rule() {
        for field in [
            json!({"const": null}),
            json!({"enum": [null], "type": ["string", "null"]}),
            json!({"enum": [6, null], "type": "null"}),
        ] {
            let types = lowered(field.clone()).expect("a field");
            let TypeKind::Object(object) = &types[0].kind else { panic!("an object") };
            assert_eq!(object.fields[0].ty, Ty::Json, "{field}");
            assert!(object.fields[0].rules.iter().any(|rule| matches!(rule, Rule::Values(_))), "{field}");
        }
        for never in [json!({"enum": []}), json!({"const": null, "type": "string"})] {
            assert!(lowered(never.clone()).is_err(), "{never}");
        }
    }
}
