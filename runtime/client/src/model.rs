//! The trait every model's input implements. In: an input. Out: the verdict on it, and its JSON. Must not know any model.

use std::fmt::Debug;

use crate::rt::{self, AsValue, FromValue, Object, Table};
use crate::{InvalidInput, Json};

/// The input of a model, and with it the model: the type by which it is named in programs.
pub trait Model: Object + FromValue + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// The model's id, as in `community/wan-2-2/vace-fun`.
    const ID: &'static str;

    /// The published input schema: names, wire keys, titles, defaults and rules of all fields.
    const SCHEMA: &'static Table;

    /// What the model makes of an input.
    type Output: AsValue + FromValue + Clone + Debug + PartialEq + Send + Sync + 'static;

    /// Checks the input against the published schema. Sends nothing, costs nothing.
    ///
    /// # Errors
    /// All violations at once.
    fn validate(&self) -> Result<(), InvalidInput> {
        rt::check(self)
    }

    /// The input as the server takes it: with wire keys, without the fields that are not set, and with `extra`. Any
    /// input can be written, also an invalid one; floats that are not finite become null.
    fn to_wire(&self) -> Json {
        rt::to_wire(self)
    }

    /// Reads an input as the server takes it, the inverse of [`to_wire`](Self::to_wire). Does not
    /// [`validate`](Self::validate): bounds may be broken, names and types may not.
    ///
    /// # Errors
    /// All faults at once: unknown keys, missing fields, values of the wrong type.
    fn from_wire(json: Json) -> Result<Self, InvalidInput> {
        rt::from_wire(json)
    }
}
