//! For generated code: field tables, rules and the machinery that reads, checks and writes by them.
//!
//! A model's struct has little code of its own. It shows its values ([`Object::values`]), takes them from a [`Reader`]
//! ([`ReadObject::read`]) and points to a static [`Table`]; everything else is done here, once, by code that is not generic:
//!
//! | from | to | by |
//! |---|---|---|
//! | a struct, or untyped JSON | violations | [`check`], [`check_json`] |
//! | a struct | JSON with wire keys | [`to_wire`] |
//! | a struct | any serde format, readable names | [`serialize_value`] |
//! | JSON with wire keys | a struct, or every fault | [`from_wire`] |
//! | any serde format, readable names | a struct, or every fault | [`deserialize_object`] |
//! | a table | JSON Schema with readable names | `json_schema`, with the feature `schemars` |
//!
//! What is in here follows the generator of the same version, and may change with it.

mod check;
mod describe;
mod forms;
mod fragment;
mod from_value;
#[cfg(feature = "schemars")]
mod json_schema;
mod near;
mod needs;
mod node;
mod number;
mod object;
mod path;
mod pattern;
mod read;
mod rule;
mod same;
mod table;
mod union;
mod validation;
mod value;
mod write;

pub use serde;
pub use serde_json;

pub use crate::media::{MediaForm, MediaKind};
pub use crate::model_info::{check_model, model_info};
#[doc(inline)]
pub use crate::{__choice as choice, __object as object, __open_choice as open_choice, __union as union};
pub use check::{check, check_json};
#[cfg(feature = "fragments")]
pub use fragment::jsonschema_checker;
pub use fragment::{Faults, Fragment, FragmentCompiler};
#[cfg(feature = "schemars")]
pub use json_schema::{json_schema, schema_name};
pub use near::near_misses;
pub use node::Node;
pub use number::Number;
pub use object::{Texts, choose, deserialize_choice, known, read_choice, read_text, unknown_value};
#[cfg(feature = "pattern")]
pub use pattern::regress_matcher;
pub use pattern::{Matcher, Matches, Pattern};
#[cfg(feature = "http")]
pub(crate) use read::forgiving_from_wire;
pub use read::{FromValue, Place, ReadObject, Reader, StandIn, deserialize_object, from_wire, read_object};
pub use rule::{Const, JsonParser, Rule, Types, parse_json};
pub use same::same_object;
pub use table::{Field, Names, Table};
pub use union::{Form, Union, read_union};
#[cfg(feature = "validations")]
pub use validation::media_checker;
pub use validation::{MediaChecker, Validation};
pub use value::{AsValue, Entries, Extra, List, Object, Value};
pub use write::{debug_object, serialize_value, to_wire};
#[cfg(feature = "http")]
pub(crate) use write::{json_text, wire_text, wire_value};
