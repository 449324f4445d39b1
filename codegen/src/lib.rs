//! Published JSON Schemas in, one Rust crate out.
//!
//! The stages, in order: load, parse, fix up, lower, name, emit, render, write (or check). Everything but [`fs`] is
//! pure: text in, text out. Around them stand [`build`] for build scripts and, with the feature `cli`, the commands that
//! people run, among them [`import`] and [`sync`], which take over what is published. This crate must not know the network;
//! of the clock only those two do.

// docs.rs shows which feature each item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "emit")]
pub mod build;
#[cfg(feature = "commands")]
pub mod cli;
pub mod diff;
pub mod digest;
#[cfg(feature = "emit")]
pub mod emit;
pub mod error;
#[cfg(feature = "commands")]
mod facts;
pub mod features;
#[cfg(feature = "emit")]
pub mod file;
pub mod fixup;
pub mod fs;
#[cfg(feature = "commands")]
pub mod import;
pub mod ir;
pub mod json;
mod keyword;
mod likeness;
pub mod lock;
pub mod lower;
pub mod manifest;
pub mod model_id;
pub mod name;
pub mod overrides;
pub mod package;
mod pipeline;
pub mod profile;
#[cfg(feature = "emit")]
pub mod render;
pub mod schema;
#[cfg(feature = "second-opinion")]
pub mod second_opinion;
pub mod sources;
mod spelling;
#[cfg(feature = "commands")]
pub mod sync;
pub mod table;
mod toml_text;

pub use error::{Error, ErrorKind, Errors};
pub use manifest::{Manifest, Price, Source};
pub use model_id::ModelId;
pub use package::{COMMAND, ClientCrate, HEADER_MARK, Package, Placement, Standalone};
pub use pipeline::{Met, Newcomer, catalog, catalog_with_notes, locks, meet};
#[cfg(feature = "emit")]
pub use pipeline::{generate, package as emit_package};
pub use sources::{ModelSource, SourceFile, Sources};
