//! `names.lock`: the memory that keeps names when RunComfy publishes a model again.
//!
//! In: the lock of a model and what its schemas say now. Out: which published field is which locked one, with its name,
//! its place in the struct and its place among the parameters of `new`; or a stop that asks the maintainer. Everything
//! is plain data. This module must not know JSON Schema, how names are made, how node-id keys are spelled, or where the
//! files are.
//!
//! - [`field`]: what a published field is recognised by;
//! - [`matching`]: the rules that tell which field is which;
//! - [`stop`]: the question put to a maintainer where the rules can't tell;
//! - [`moved`]: the maintainer's answers;
//! - [`file`](mod@file): what `names.lock` holds;
//! - [`apply`]: lock and schema in, locked names out;
//! - [`build`]: final names in, the next lock out.

mod answer;
pub mod apply;
pub mod build;
mod evidence;
pub mod field;
pub mod file;
pub mod matching;
pub mod moved;
mod read;
mod render;
pub mod stop;

pub use answer::{Answer, Answers};
pub(crate) use apply::partial::{Partial, resolve_partly};
pub(crate) use apply::resolve_forms;
pub use apply::{Resolution, Slot, resolve};
pub use build::{NamedField, NamedShape, NamedType, NamedValue};
pub use field::{Definition, Field};
pub use file::{Applied, Corrected, Lock, LockedField, LockedType, LockedValue, ROOT};
pub use matching::{Known, Pairing, match_fields};
pub use stop::{Candidate, Rule, Stop};
