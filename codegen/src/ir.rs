//! The intermediate representation: what will be generated, as plain data. Lowering fills it, naming names it, emitting
//! reads it, `cargo xtask ir` prints it. It must not know JSON Schema's keywords or how Rust is spelled.

mod profile;
mod rule;
mod ty;

pub use profile::{Capability, Modality, Profile};
pub use rule::Rule;
pub use ty::{Media, Ty};

use serde::Serialize;
use serde_json::Value;

use crate::lock::Lock;
use crate::manifest::Price;

/// Everything one generated crate holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Catalog {
    /// The models, sorted by id.
    pub models: Vec<Model>,
    /// The output shapes that many models share, sorted by file.
    pub shared: Vec<Shared>,
}

/// One model: its input, its output and every type they need.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// The id in the API: `community/wan-2-2/vace-fun`.
    pub id: String,
    /// The folder that holds its files, relative to the schema folder.
    pub folder: String,
    /// The name RunComfy shows.
    pub display_name: String,
    /// The address of its page, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Where it lives in the generated crate.
    pub module: Module,
    /// What it is for.
    pub profile: Profile,
    /// The published base price, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// What its output is.
    pub output: Output,
    /// Whether that is assumed, since nothing is published.
    pub is_output_assumed: bool,
    /// What it makes, as far as that is known.
    pub gives: Vec<Media>,
    /// Where all this was read.
    pub facts: Facts,
    /// Inputs that it has or may have, and that are not among its types.
    pub incomplete: Vec<String>,
    /// Its types; the first is `Input`.
    pub types: Vec<Type>,
    /// How many of them come from the input schema; the others come from the output schema.
    pub input_types: usize,
    /// What its input schema means on the wire, as it is published.
    #[serde(skip)]
    pub digest: u128,
    /// What of its `overrides.toml` stands, as TOML: without what waits for a schema.
    #[serde(skip)]
    pub overrides: String,
    /// What `names.lock` is to hold: the names of everything above, and of what is gone.
    #[serde(skip)]
    pub lock: Lock,
}

/// Where what is known of a model was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Facts {
    /// In words: `its page`.
    pub source: String,
    /// Of which day they are: `2026-09-23`.
    pub as_of: String,
    /// Whether the sentences that are published are left out.
    pub are_bare: bool,
}

/// The place of a model in the generated crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Module {
    /// `community`
    pub provider: String,
    /// `wan_2_2`
    pub family: String,
    /// `vace_fun`
    pub variant: String,
    /// The Cargo feature of the family: `community-wan-2-2`
    pub feature: String,
    /// The Cargo feature of the provider: `community`
    pub provider_feature: String,
}

/// What a finished job gives back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Output {
    /// A shape of `_shared/`, by the name of its type.
    Shared(String),
    /// A shape of the model's own.
    Own(Ty),
}

/// An output shape that many models share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shared {
    /// The file, relative to the schema folder.
    pub path: String,
    /// Its types; the first is the shape itself.
    pub types: Vec<Type>,
}

/// The place of a type in its model's list of types.
pub type TypeId = usize;

/// One named type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Type {
    /// The Rust name; empty before naming.
    pub name: String,
    /// What it is named after.
    pub origin: Origin,
    /// Where its schema stands, as a JSON pointer into the file.
    pub pointer: String,
    /// The published title; may be empty.
    pub title: String,
    /// The published description; may be empty.
    pub description: String,
    /// What it is made of.
    pub kind: TypeKind,
}

/// What a type is named after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origin {
    /// A fixed name: `Input`, `Output`, or that of a shared shape.
    Fixed(String),
    /// A definition that several places refer to.
    Definition(String),
    /// The field it is the type of, or of a part of whose values.
    Field {
        /// The type the field belongs to.
        owner: TypeId,
        /// The field's place in it.
        field: usize,
        /// Which part of the field's values it is the type of.
        item: Item,
    },
    /// The form of a union that it is the type of, or of a part of whose values.
    Form {
        /// The union.
        owner: TypeId,
        /// The form's place in it.
        form: usize,
        /// Which part of the form's values it is the type of.
        item: Item,
    },
}

/// Which part of a value a type is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Item {
    /// The value itself.
    Whole,
    /// Each item of a list, each value of a map.
    Each,
    /// What stands at a place in a tuple; with the places in tuples around it, outermost first.
    Place(Vec<usize>),
}

/// The kinds of named types.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum TypeKind {
    /// A struct with a field table.
    Object(Object),
    /// A string enum.
    Choice(Choice),
    /// One of several forms.
    Union(Union),
    /// A part of an object's schema: a field table for the checker, without a type of its own.
    Table(Object),
}

impl TypeKind {
    /// The fields and rules of a struct, or of a part of one; none of what has no field table.
    #[must_use]
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) | Self::Table(object) => Some(object),
            Self::Choice(_) | Self::Union(_) => None,
        }
    }

    /// The types of what it holds: of its fields, or of its forms.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &Ty> {
        let (fields, forms): (&[Field], &[Form]) = match self {
            Self::Object(object) | Self::Table(object) => (&object.fields, &[]),
            Self::Union(union) => (&[], &union.forms),
            Self::Choice(_) => (&[], &[]),
        };
        fields.iter().map(|field| &field.ty).chain(forms.iter().map(|form| &form.ty))
    }
}

/// A union: a value of one of several forms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Union {
    /// The forms, in the order in which a reader tries them.
    pub forms: Vec<Form>,
    /// The key whose value tells the forms apart, if all are objects that have one.
    pub tag: Option<String>,
    /// Whether it may hold other forms: a response of a newer server.
    pub open: bool,
}

/// One form of a union.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// What it is known by: the value of the tag, the words for its type (`integer`, `list`, `object`), or the key that no
    /// other form has.
    pub key: String,
    /// The keys of its fields that it is known by; empty if it is known by something else.
    pub by: Vec<String>,
    /// Its rank in the order of reading, lowest first; those of one rank may be tried in any order.
    pub rank: usize,
    /// The Rust name of the variant; empty before naming.
    pub name: String,
    /// What it holds.
    pub ty: Ty,
}

/// A struct.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Object {
    /// The fields: in the lock's order where there is one, else as published.
    pub fields: Vec<Field>,
    /// The required fields in the order `new` takes them, as places in `fields`.
    pub required: Vec<usize>,
    /// Which unknown keys there may be.
    pub extra: Extra,
    /// Whether it is the whole of a model's input.
    pub is_input: bool,
    /// Rules of the object as a whole: how many properties, their names, combinations.
    pub rules: Vec<Rule>,
    /// Where the schemas stand that it is put together from; empty if it is that of its type alone.
    pub parts: Vec<String>,
}

/// `new` takes at most this many parameters; more become fields of a literal that names them.
const MAX_PARAMETERS: usize = 5;

impl Object {
    /// Whether `new` takes a literal that names the required fields: where there are many, or where a value of one could be
    /// given for another unnoticed.
    #[must_use]
    pub fn takes_literal(&self) -> bool {
        let required: Vec<&Ty> = self.required.iter().map(|place| &self.fields[*place].ty).collect();
        let is_like_another =
            |(place, ty): (usize, &&Ty)| required[..place].iter().any(|other| ty.may_stand_for(other));
        required.len() > MAX_PARAMETERS || required.iter().enumerate().any(is_like_another)
    }
}

/// What becomes of keys that are not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Extra {
    /// Refused when read, and there is no place for them.
    None,
    /// Kept in a map under its own name, sent as they are.
    Map,
    /// Kept in a map, and beside the known ones in readable JSON too: so in unions, whose forms are told apart by keys.
    Beside,
    /// Kept beside the known ones: a response of a newer server.
    Open,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The Rust name; empty before naming.
    pub name: String,
    /// The name in readable JSON; empty before naming.
    pub json: String,
    /// Names it had, which are still read and have a setter.
    pub aliases: Vec<Alias>,
    /// The key on the wire.
    pub key: String,
    /// The published title; may be empty.
    pub title: String,
    /// The published description; may be empty.
    pub description: String,
    /// Whether the schema requires it.
    pub required: bool,
    /// The published default: documentation, never sent by itself.
    pub default: Option<Value>,
    /// The Rust type of a value.
    pub ty: Ty,
    /// The rules a value must keep.
    pub rules: Vec<Rule>,
    /// Formats and other annotations worth showing.
    pub format: String,
    /// The one text it always has, written by itself: the tag of a union's form.
    pub fixed: Option<String>,
}

/// A name that a field had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// The Rust name.
    pub name: String,
    /// The name in readable JSON.
    pub json: String,
}

/// A string enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The values, in published order.
    pub values: Vec<ChoiceValue>,
    /// Whether it may hold values that are not listed: a response of a newer server.
    pub open: bool,
}

/// One value of a string enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceValue {
    /// The string on the wire.
    pub value: String,
    /// The Rust name; empty before naming.
    pub variant: String,
}
