//! A Rust file before it is text: what the stage emit makes and the stage render prints. Knows neither of them.

use proc_macro2::TokenStream;

/// One Rust file.
pub struct RustFile {
    /// What it was made from, relative to the schema folder, for errors.
    pub source: String,
    /// The lines of the comment that it begins with.
    pub header: Vec<String>,
    /// The lines of its `//!` head.
    pub docs: Vec<DocLine>,
    /// Its items.
    pub items: Vec<TokenStream>,
}

/// A line of a module's documentation.
pub enum DocLine {
    /// Markdown.
    Text(String),
    /// An attribute of the whole file, as it stands between `#![` and `]`.
    Attribute(&'static str),
    /// The opening fence of an example that can be compiled only where a condition of `cfg` holds.
    Fence {
        /// What rustdoc is to do with the example: `no_run`, or nothing for one that runs.
        kind: &'static str,
        /// The condition.
        gate: String,
    },
}

impl From<String> for DocLine {
    fn from(line: String) -> Self {
        Self::Text(line)
    }
}

/// Lines of Markdown as documentation.
pub(crate) fn text<T: Into<String>>(lines: impl IntoIterator<Item = T>) -> Vec<DocLine> {
    lines.into_iter().map(|line| DocLine::Text(line.into())).collect()
}
