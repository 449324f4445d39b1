//! The trait every model's input implements. In: an input. Out: the verdict on it, and its JSON. Must not know any model.

use std::fmt::Debug;

use crate::rt::{self};
use crate::schema::{AsValue, FromValue, Object, Table};
use crate::{Digest, InvalidInput, Json, Violation};

/// The input of a model, and with it the model: the type by which it is named in programs.
pub trait Model: Object + FromValue + Clone + Debug + PartialEq + Send + Sync + 'static {
    /// The model's id, as in `community/wan-2-2/vace-fun`.
    const ID: &'static str;

    /// The published input schema: names, wire keys, titles, defaults and rules of all fields.
    const SCHEMA: &'static Table;

    /// Whether [`Output`](Self::Output) is what most models answer with, assumed because nothing is published for this one.
    /// An assumed output is read forgivingly: what it holds in another form than foreseen is kept in its `extra`. One that
    /// is published is read strictly, and what can't be read is in the error.
    const ASSUMED_OUTPUT: bool = false;

    /// What the published input schema means on the wire; `None` where nobody counted.
    const DIGEST: Option<Digest> = None;

    /// For generated code: the text of `names.lock`, by which programs that meet a later schema of this model name its fields.
    #[doc(hidden)]
    const LOCK: &'static str = "";

    /// For generated code: the text of `overrides.toml`.
    #[doc(hidden)]
    const OVERRIDES: &'static str = "";

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

    /// What a reader of the input should know though it is no violation: entries of `extra` that are only a few typing
    /// errors away from a field's name, such as `guidance_scal`. They are sent all the same; a submit logs them as warnings.
    fn near_misses(&self) -> Vec<Violation> {
        rt::near_misses(self)
    }

    /// Reads an input as the server takes it, the inverse of [`to_wire`](Self::to_wire): keys that the schema does not
    /// know go into `extra`, where there is one. Does not [`validate`](Self::validate): bounds may be broken, types may not.
    ///
    /// # Errors
    /// All faults at once: missing fields, values of the wrong type, unknown keys of objects without `extra`.
    fn from_wire(json: Json) -> Result<Self, InvalidInput> {
        rt::from_wire(json)
    }
}
