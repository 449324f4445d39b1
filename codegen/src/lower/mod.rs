//! Schema trees in, intermediate representation out, still without Rust names. One model at a time: a model never sees
//! another. Must not know how Rust is spelled.

mod fragment;
mod object;
mod reference;
mod root;
mod rules;
mod unfold;
mod union;
mod value;

use serde_json::Value;
use std::collections::{HashMap, HashSet};

use crate::ir::{Origin, Output, Shared, Ty, Type, TypeId, TypeKind};
use crate::schema::{Document, Schema, same_value};
use crate::{Error, ErrorKind, Errors};
use unfold::{MAX_PARTS, limited, multiplied};

/// Lowers a model's input schema: the first type of the list is `Input`.
///
/// # Errors
/// Everything in the schema that can't become a type or a rule, with its pointer.
pub fn input(schema: &Schema) -> Result<Vec<Type>, Errors> {
    let mut lowering = Lowering::new(schema, Direction::Request);
    lowering.root(schema, "Input");
    let types = lowering.finish()?;
    match types.first().map(|first| &first.kind) {
        Some(TypeKind::Object(object)) if !object.fields.is_empty() => Ok(types),
        _ => Err(Error::new(ErrorKind::InvalidSchema, "the input schema has no fields")
            .help("copy the whole input schema from the model's page")
            .into()),
    }
}

/// Lowers a model's output schema, unless it is one of the shared shapes. New types are appended to `types`.
///
/// # Errors
/// As for [`input`].
pub fn output(schema: &Schema, shared: &[(String, Schema)], types: &mut Vec<Type>) -> Result<Output, Errors> {
    let bare = schema.without_texts();
    if let Some((name, _)) = shared.iter().find(|(_, shape)| shape.without_texts() == bare) {
        return Ok(Output::Shared(name.clone()));
    }
    let mut lowering = Lowering::new(schema, Direction::Response);
    lowering.types = std::mem::take(types).into_iter().map(Some).collect();
    let ty = lowering.value(schema, &Origin::Fixed("Output".to_owned())).ty;
    *types = lowering.finish()?;
    Ok(Output::Own(ty))
}

/// Lowers one of the output shapes that many models share.
///
/// # Errors
/// As for [`input`].
pub fn shared(path: &str, name: &str, schema: &Schema) -> Result<Shared, Errors> {
    let mut lowering = Lowering::new(schema, Direction::Response);
    lowering.root(schema, name);
    Ok(Shared { path: path.to_owned(), types: lowering.finish()? })
}

/// Who fills a type in: requests are closed, responses are open to what a newer server adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Request,
    Response,
}

/// What one schema became: a Rust type, and the rules its values must keep.
struct Lowered {
    ty: Ty,
    rules: Vec<crate::ir::Rule>,
}

/// A reference that is being followed.
struct Followed {
    pointer: String,
    /// Whether for tables without a type.
    table_only: bool,
    /// How many lists, maps and objects deep.
    nesting: usize,
}

/// The state of lowering one file.
struct Lowering<'s> {
    document: Document<'s>,
    direction: Direction,
    /// `None` while a type is being lowered: whoever meets such a type is inside it.
    types: Vec<Option<Type>>,
    /// Named types by pointer; `true` stands for tables without a type.
    known: HashMap<(String, bool), TypeId>,
    /// Which types have a table of fields, those included that are being lowered.
    tables: HashSet<TypeId>,
    /// References being followed, to notice when one comes back.
    following: Vec<Followed>,
    /// How many lists, maps and objects deep.
    nesting: usize,
    /// How many schemas were asked for their rules.
    visited: usize,
    /// How many schemas were visited for the forms of unions.
    reduced: usize,
    errors: Errors,
}

impl<'s> Lowering<'s> {
    fn new(document: &'s Schema, direction: Direction) -> Self {
        Self {
            document: Document::new(document),
            direction,
            types: Vec::new(),
            known: HashMap::new(),
            tables: HashSet::new(),
            following: Vec::new(),
            nesting: 0,
            visited: 0,
            reduced: 0,
            errors: Errors::default(),
        }
    }

    fn root(&mut self, schema: &'s Schema, name: &str) {
        let schema = self.root_of(schema);
        if let Some(wrong) = schema.types.iter().find(|name| *name != "object") {
            let message = format!("the schema's type must be `object`, but is `{wrong}`");
            self.fail(schema, ErrorKind::InvalidSchema, message, "");
        }
        self.structure(schema, &Origin::Fixed(name.to_owned()));
    }

    fn finish(mut self) -> Result<Vec<Type>, Errors> {
        let types: Vec<Type> = self.types.into_iter().flatten().collect();
        if self.visited > MAX_PARTS {
            self.errors.push(multiplied("the rules of this schema"));
        }
        self.errors.collect(limited(&types));
        self.errors.or(types)
    }

    /// Lowers a named type once per pointer; `build` makes its content. Tells whether it contains itself.
    fn named(
        &mut self,
        schema: &'s Schema,
        origin: &Origin,
        table_only: bool,
        build: impl FnOnce(&mut Self, TypeId) -> TypeKind,
    ) -> (TypeId, bool) {
        let known = (schema.pointer.clone(), table_only);
        if let Some(&id) = self.known.get(&known) {
            return (id, self.types[id].is_none());
        }
        let id = self.types.len();
        self.known.insert(known, id);
        (self.declared(schema, origin, build), false)
    }

    /// Lowers a named type of its own, whatever else stands at that pointer.
    fn declared(
        &mut self,
        schema: &'s Schema,
        origin: &Origin,
        build: impl FnOnce(&mut Self, TypeId) -> TypeKind,
    ) -> TypeId {
        let id = self.types.len();
        self.types.push(None);
        let kind = build(self, id);
        self.types[id] = Some(Type {
            name: String::new(),
            origin: origin.clone(),
            pointer: schema.pointer.clone(),
            title: schema.title.clone(),
            description: schema.description.clone(),
            kind,
        });
        id
    }

    fn fail(&mut self, schema: &Schema, kind: ErrorKind, message: impl Into<String>, help: &str) {
        self.errors.push(Error::new(kind, message).at(&schema.pointer).help(help));
    }
}

/// The values of `enum` and `const` together.
fn listed(schema: &Schema) -> Option<Vec<Value>> {
    match (&schema.values, &schema.constant) {
        (values, None) => values.clone(),
        (None, Some(value)) => Some(vec![value.clone()]),
        (Some(values), Some(value)) => Some(values.iter().filter(|one| same_value(one, value)).cloned().collect()),
    }
}
