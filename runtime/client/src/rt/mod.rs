//! For generated code alone: the machinery that reads, checks and writes by field tables and their rules. What users see of
//! it is in [`schema`](crate::schema), and only handed on from here.
//!
//! A model's struct has little code of its own. It shows its values ([`Object::values`]), takes them from a [`Reader`]
//! ([`ReadObject::read`]) and points to a static [`Table`]; everything else is done here, once, by code that is not generic:
//!
//! | from | to | by |
//! |---|---|---|
//! | a struct, or untyped JSON | violations | [`check`], [`Table::check_json`] |
//! | a struct | JSON with wire keys | [`to_wire`] |
//! | a struct | any serde format, readable names | [`serialize_value`] |
//! | JSON with wire keys | a struct, or every fault | [`from_wire`] |
//! | any serde format, readable names | a struct, or every fault | [`deserialize_object`] |
//! | a table | JSON Schema with readable names | `json_schema`, with the feature `schemars` |
//!
//! What is in here follows the generator of the same version, and may change with it.

mod check;
mod example;
mod forms;
#[cfg(feature = "fragments")]
mod fragment;
mod from_value;
#[cfg(feature = "schemars")]
mod json_schema;
mod near;
mod needs;
mod object;
mod parse;
#[cfg(feature = "pattern")]
mod pattern;
mod read;
mod same;
mod union;
#[cfg(feature = "validations")]
mod validation;
mod write;

pub use serde;
pub use serde_json;

pub use crate::media::MediaKind;
pub use crate::model_info::{About, check_model, model_info, model_info_of};
pub use crate::schema::value::Extra;
pub use crate::schema::{
    AsValue, Const, Field, Fragment, FromValue, LateTable, Node, Number, Object, Pattern, Place, Rule, Table, TableRef,
    Types, Validation, Value,
};
#[doc(inline)]
pub use crate::{__choice as choice, __object as object, __open_choice as open_choice, __union as union};
#[doc(hidden)]
pub use check::agrees;
pub use check::check;
#[cfg(feature = "fragments")]
pub use fragment::jsonschema_checker;
#[cfg(feature = "schemars")]
pub(crate) use json_schema::media_pattern;
#[cfg(feature = "schemars")]
pub use json_schema::{json_schema, schema_name};
pub use near::near_misses;
pub use object::{Texts, choose, deserialize_choice, known, read_choice, read_text, unknown_value};
pub use parse::parse_json;
#[cfg(feature = "pattern")]
pub use pattern::regress_matcher;
#[cfg(feature = "http")]
pub(crate) use read::forgiving_from_wire;
pub use read::{ReadObject, Reader, StandIn, deserialize_object, from_wire, read_object};
pub use same::same_object;
pub use union::{Form, Union, read_union};
#[cfg(feature = "validations")]
pub use validation::media_checker;
pub use write::{debug_object, serialize_value, to_wire};
#[cfg(feature = "http")]
pub(crate) use write::{json_text, wire_text, wire_value};
