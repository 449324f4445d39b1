//! The named representation and a [`Target`] in, token trees out: one small emitter per kind of output file. Must not read
//! schemas, invent names, print code or touch the disk.

mod choice;
mod docs;
mod example;
mod examples;
mod index;
mod listing;
mod manifest;
mod model;
mod object;
mod readme;
mod table;
mod target;
mod ty;
mod union;

pub use examples::examples;
pub use index::{crate_root, family, provider};
pub use manifest::{features, manifest, runtime_features, rustfmt};
pub(crate) use model::names_files;
pub use model::{model, shared};
pub use readme::{models, readme};
pub use target::Target;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// An identifier. Naming has made sure that it is one, so this can't fail on schema data.
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Doc comments, one attribute per line, since a single one with line breaks would be printed as a block comment.
fn doc_lines(lines: impl IntoIterator<Item = impl AsRef<str>>) -> TokenStream {
    let lines = lines.into_iter().map(|line| {
        let line = line.as_ref();
        let text = Literal::string(&if line.is_empty() { String::new() } else { format!(" {line}") });
        quote!(#[doc = #text])
    });
    lines.collect()
}
