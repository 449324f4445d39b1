//! Inputs that a program stored as readable JSON: written with the names of one week, read with those of another, and
//! what fields their values reach on the wire. Reads the representation's names as the generated code does: a name that
//! nothing has is refused. Must not know why names change.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use runcomfy_codegen::ir::{Model, Object, Ty, Type, TypeKind};

use crate::stability::released::is_form;
use crate::stability::shape::Shape;
use crate::stability::{Spec, TrueField};

/// What a stored value begins with, followed by the place of the field that it was meant for.
const MARK: &str = "for ";

/// A readable input with a value for every field that says which field it is for.
///
/// # Panics
/// If the representation lacks a field.
#[must_use]
pub fn written(spec: &Spec, model: &Model, rng: &mut Rng) -> Value {
    Writer { types: &model.types, rng }.fields("", &spec.fields, 0)
}

struct Writer<'a> {
    types: &'a [Type],
    rng: &'a mut Rng,
}

impl Writer<'_> {
    fn fields(&mut self, at: &str, fields: &[TrueField], id: usize) -> Value {
        let types = self.types;
        let Some(object) = types[id].kind.object() else { panic!("{at} is an object") };
        let mut values = Map::new();
        for field in fields {
            let found = object.fields.iter().find(|found| found.key == field.key.text());
            let found = found.unwrap_or_else(|| panic!("{at} has no field {field:?}"));
            let value = self.value(&format!("{at}/{}", field.uid), &field.shape, &found.ty);
            values.insert(found.json.clone(), value);
        }
        values.into()
    }

    fn value(&mut self, at: &str, shape: &Shape, ty: &Ty) -> Value {
        let types = self.types;
        match (shape, ty) {
            (_, Ty::Nullable(inner)) => self.value(at, shape, inner),
            (Shape::List(inner), Ty::List(items)) => json!([self.value(&format!("{at}/items"), inner, items)]),
            (Shape::Map(inner), Ty::Map(values)) => json!({"k": self.value(&format!("{at}/values"), inner, values)}),
            (Shape::Object(fields), Ty::Named(id) | Ty::Boxed(id)) => self.fields(at, fields, *id),
            (Shape::Union(union), Ty::Named(id) | Ty::Boxed(id)) => {
                let TypeKind::Union(made) = &types[*id].kind else { panic!("{at} is a union") };
                let form = &union.forms[self.rng.usize(0..union.forms.len())];
                let found = made.forms.iter().find(|found| is_form(form, union, &found.ty, types));
                let found = found.unwrap_or_else(|| panic!("{at} has no form {form:?}"));
                let mut value = self.value(&format!("{at}/form {}", form.uid), &form.shape, &found.ty);
                if let (Some(tag), Some(object)) = (&union.tag, object(&found.ty, types))
                    && let Some(field) = object.fields.iter().find(|field| field.key == tag.text())
                {
                    value[&field.json] = form.tag().into();
                }
                value
            }
            _ => format!("{MARK}{at}").into(),
        }
    }
}

/// What became of a stored input.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Values that would reach another field than theirs.
    pub wrong: Vec<String>,
    /// Values that are refused, though their fields are still there.
    pub lost: Vec<String>,
    /// How many reach their fields.
    pub right: usize,
}

/// Reads a stored input with the names of a model, and follows its values to the fields of the model's schema.
#[must_use]
pub fn delivered(stored: &Value, spec: &Spec, model: &Model) -> Delivery {
    let mut refused = Vec::new();
    let mut delivery = Delivery::default();
    let wire = Reader { types: &model.types, refused: &mut refused }.fields(stored, 0);
    arrive("", &wire, &spec.fields, &mut delivery);
    let there = super::truth::Truth::of(spec);
    let there: Vec<String> = there.fields.keys().map(|at| without_forms(at)).collect();
    delivery.lost = refused.into_iter().filter(|at| there.contains(&without_forms(at))).collect();
    delivery
}

struct Reader<'a> {
    types: &'a [Type],
    refused: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn fields(&mut self, value: &Value, id: usize) -> Value {
        let types = self.types;
        let (Value::Object(values), Some(object)) = (value, types[id].kind.object()) else { return value.clone() };
        let mut wire = Map::new();
        for (name, value) in values {
            match named(object, name) {
                Some(field) => drop(wire.insert(field.key.clone(), self.value(value, &field.ty))),
                None => self.refuse(value),
            }
        }
        wire.into()
    }

    fn value(&mut self, value: &Value, ty: &Ty) -> Value {
        let types = self.types;
        match (ty, value) {
            (Ty::Nullable(inner), _) => self.value(value, inner),
            (Ty::List(items), Value::Array(values)) => values.iter().map(|value| self.value(value, items)).collect(),
            (Ty::Map(of), Value::Object(values)) => {
                let values = values.iter().map(|(key, value)| (key.clone(), self.value(value, of)));
                values.collect::<Map<_, _>>().into()
            }
            (Ty::Named(id) | Ty::Boxed(id), Value::Object(values)) => match &types[*id].kind {
                TypeKind::Union(union) => {
                    let fits = |ty: &&Ty| match object(ty, types) {
                        Some(object) => values.iter().all(|(name, value)| {
                            let field = named(object, name);
                            field.is_some_and(|field| field.fixed.as_ref().is_none_or(|tag| value == tag))
                        }),
                        None => false,
                    };
                    match union.forms.iter().map(|form| &form.ty).find(fits) {
                        Some(Ty::Named(id) | Ty::Boxed(id)) => self.fields(value, *id),
                        _ => {
                            self.refuse(value);
                            Value::Null
                        }
                    }
                }
                _ => self.fields(value, *id),
            },
            _ => value.clone(),
        }
    }

    /// Notes every value in what is not read.
    fn refuse(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.refused.extend(text.strip_prefix(MARK).map(str::to_owned)),
            Value::Array(items) => items.iter().for_each(|item| self.refuse(item)),
            Value::Object(values) => values.values().for_each(|value| self.refuse(value)),
            _ => {}
        }
    }
}

fn named<'t>(object: &'t Object, name: &str) -> Option<&'t runcomfy_codegen::ir::Field> {
    object.fields.iter().find(|field| field.json == name || field.aliases.iter().any(|alias| alias.json == name))
}

fn object<'t>(ty: &Ty, types: &'t [Type]) -> Option<&'t Object> {
    match ty {
        Ty::Named(id) | Ty::Boxed(id) => match &types[*id].kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Notes where the values of a wire object arrive.
fn arrive(at: &str, value: &Value, fields: &[TrueField], delivery: &mut Delivery) {
    let Value::Object(values) = value else { return };
    for (key, value) in values {
        if let Some(field) = fields.iter().find(|field| field.key.text() == *key) {
            arrive_at(&format!("{at}/{}", field.uid), value, &field.shape, delivery);
        }
    }
}

fn arrive_at(at: &str, value: &Value, shape: &Shape, delivery: &mut Delivery) {
    match (shape, value) {
        (_, Value::String(text)) => {
            let Some(meant) = text.strip_prefix(MARK) else { return };
            match without_forms(meant) == without_forms(at) || is_part(meant, at) {
                true => delivery.right += 1,
                false => delivery.wrong.push(format!("the value for {meant} reaches {at}")),
            }
        }
        (Shape::List(inner), Value::Array(items)) => {
            items.iter().for_each(|item| arrive_at(&format!("{at}/items"), item, inner, delivery));
        }
        (Shape::Map(inner), Value::Object(values)) => {
            values.values().for_each(|value| arrive_at(&format!("{at}/values"), value, inner, delivery));
        }
        (Shape::Object(fields), _) => arrive(at, value, fields, delivery),
        (Shape::Union(union), _) => {
            let fields: Vec<TrueField> = union.fields().into_iter().cloned().collect();
            arrive(at, value, &fields, delivery);
        }
        _ => {}
    }
}

/// A form that is no object is its field's value.
fn is_part(meant: &str, at: &str) -> bool {
    meant
        .rsplit_once("/form ")
        .is_some_and(|(field, form)| !form.contains('/') && without_forms(field) == without_forms(at))
}

/// The place without the forms that it passes: a field that several share is one.
fn without_forms(at: &str) -> String {
    at.split('/').filter(|part| !part.starts_with("form ")).collect::<Vec<_>>().join("/")
}
