//! The names that a model's fields, forms, types and values were released with, by what they truly are: a [`Spec`] and
//! the named representation in, names by identity out. Must not know how names are found.

use std::collections::BTreeMap;

use runcomfy_codegen::ir::{self, Ty, TypeKind};
use serde_json::Value;

use super::shape::{Shape, TrueForm, TrueUnion};
use super::{Spec, TrueField};

/// Names by what they are names of: `7/form 12/13 json`.
pub type Released = BTreeMap<String, String>;

/// All names of a model.
///
/// # Panics
/// If the representation lacks a field or a form that the model has.
#[must_use]
pub fn released(spec: &Spec, model: &ir::Model) -> Released {
    let mut walk = Walk { types: &model.types, names: Released::new() };
    walk.fields("", &spec.fields, 0);
    walk.names
}

struct Walk<'a> {
    types: &'a [ir::Type],
    names: Released,
}

impl Walk<'_> {
    fn add(&mut self, what: String, name: &str) {
        self.names.insert(what, name.to_owned());
    }

    fn fields(&mut self, at: &str, fields: &[TrueField], id: ir::TypeId) {
        let types = self.types;
        let TypeKind::Object(object) = &types[id].kind else { panic!("{at} is an object") };
        self.add(format!("{at} type"), &types[id].name);
        for field in fields {
            let key = field.key.text();
            let found = object.fields.iter().find(|found| found.key == key);
            let found = found.unwrap_or_else(|| panic!("{at} has no field {key}: {field:?}"));
            let at = format!("{at}/{}", field.uid);
            self.add(format!("{at} name"), &found.name);
            self.add(format!("{at} json"), &found.json);
            self.shape(&at, &field.shape, &found.ty);
        }
    }

    fn shape(&mut self, at: &str, shape: &Shape, ty: &Ty) {
        match (shape, ty) {
            (_, Ty::Nullable(inner)) => self.shape(at, shape, inner),
            (Shape::Plain(schema), Ty::List(items)) => {
                self.shape(&format!("{at}/items"), &Shape::Plain(schema["items"].clone()), items);
            }
            (Shape::Plain(_), Ty::Named(id)) => self.declared(at, *id),
            (Shape::Plain(_), _) => {}
            (Shape::List(inner), Ty::List(items)) => self.shape(&format!("{at}/items"), inner, items),
            (Shape::Map(inner), Ty::Map(values)) => self.shape(&format!("{at}/values"), inner, values),
            (Shape::Object(fields), Ty::Named(id) | Ty::Boxed(id)) => self.fields(at, fields, *id),
            (Shape::Union(union), Ty::Named(id) | Ty::Boxed(id)) => self.union(at, union, *id),
            (shape, ty) => panic!("{at} is {ty:?}, but was {shape:?}"),
        }
    }

    /// What a schema without keys to follow declares.
    fn declared(&mut self, at: &str, id: ir::TypeId) {
        self.add(format!("{at} type"), &self.types[id].name);
        match &self.types[id].kind {
            TypeKind::Choice(choice) => {
                for value in &choice.values {
                    self.add(format!("{at} value {}", value.value), &value.variant);
                }
            }
            TypeKind::Union(union) => {
                for form in &union.forms {
                    self.add(format!("{at} form {}", form.key), &form.name);
                }
            }
            TypeKind::Object(_) | TypeKind::Table(_) => {}
        }
    }

    fn union(&mut self, at: &str, union: &TrueUnion, id: ir::TypeId) {
        let types = self.types;
        let TypeKind::Union(made) = &types[id].kind else { panic!("{at} is a union") };
        self.add(format!("{at} type"), &types[id].name);
        for form in &union.forms {
            let found = made.forms.iter().find(|found| is_form(form, union, &found.ty, types));
            let found = found.unwrap_or_else(|| panic!("{at} has no form {form:?}"));
            let at = format!("{at}/form {}", form.uid);
            self.add(format!("{at} name"), &found.name);
            if let (Some(tag), Ty::Named(id)) = (&union.tag, &found.ty)
                && let TypeKind::Object(object) = &types[*id].kind
                && let Some(field) = object.fields.iter().find(|field| field.key == tag.text())
            {
                self.add(format!("{at} tag"), &field.json);
            }
            self.shape(&at, &form.shape, &found.ty);
        }
    }
}

/// Whether a form of the representation is the true one, by its keys or its JSON type.
#[must_use]
pub fn is_form(form: &TrueForm, union: &TrueUnion, ty: &Ty, types: &[ir::Type]) -> bool {
    match (&form.shape, ty) {
        (Shape::Object(fields), Ty::Named(id) | Ty::Boxed(id)) => {
            let TypeKind::Object(object) = &types[*id].kind else { return false };
            let keys = fields.iter().map(|field| &field.key).chain(&union.tag);
            let mut keys: Vec<String> = keys.map(super::Key::text).collect();
            let mut found: Vec<String> = object.fields.iter().map(|field| field.key.clone()).collect();
            keys.sort();
            found.sort();
            keys == found
        }
        (Shape::Plain(schema), ty) => {
            let is = |name: &str| schema["type"] == name;
            match ty {
                Ty::I64 => is("integer"),
                Ty::Bool => is("boolean"),
                Ty::List(items) => {
                    let of = match **items {
                        Ty::Text => "string",
                        Ty::I64 => "integer",
                        _ => "object",
                    };
                    is("array") && schema["items"]["type"] == of
                }
                Ty::Named(id) => matches!(types[*id].kind, TypeKind::Choice(_)) && schema["enum"] != Value::Null,
                _ => false,
            }
        }
        _ => false,
    }
}
