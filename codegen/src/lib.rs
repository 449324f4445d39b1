//! Published JSON Schemas in, one Rust crate out.
//!
//! The stages, in order: load, parse, fix up, lower, name, emit, render, write (or check). Everything but [`fs`] is
//! pure: text in, text out. This crate must not know the network, the clock or the command line.

pub mod diff;
pub mod emit;
pub mod error;
pub mod features;
pub mod fixup;
pub mod fs;
pub mod ir;
pub mod json;
pub mod lock;
pub mod lower;
pub mod manifest;
pub mod model_id;
pub mod name;
pub mod overrides;
pub mod package;
mod pipeline;
pub mod render;
pub mod schema;
pub mod sources;
pub mod union;

pub use error::{Error, ErrorKind, Errors};
pub use manifest::{Manifest, Price, Source};
pub use model_id::ModelId;
pub use package::{HEADER_MARK, Package, Placement, Standalone};
pub use pipeline::{catalog, generate, locks, package as emit_package};
pub use sources::{ModelSource, SourceFile, Sources};
