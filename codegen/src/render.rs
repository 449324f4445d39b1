//! Token trees in, text out. The look is prettyplease's, pinned by Cargo.lock, so equal trees always give equal bytes.
//! Knows nothing of what it prints.

use proc_macro2::TokenStream;
use syn::Item;

use crate::emit::FENCE_MARK;
use crate::package::{COMMAND, HEADER_MARK};
use crate::{Error, ErrorKind};

/// One Rust file before it is text.
pub struct RustFile {
    /// What it was made from, relative to the schema folder.
    pub source: String,
    /// The lines of its `//!` head.
    pub docs: Vec<String>,
    /// Its items.
    pub items: Vec<TokenStream>,
}

/// The first line of every generated file, without its comment mark.
#[must_use]
pub fn header(source: &str) -> String {
    format!("{HEADER_MARK} from {source}; `{COMMAND}` writes it again. Changes made here are lost.")
}

/// Prints a file: header, head, then its items with a blank line between them.
///
/// # Errors
/// [`ErrorKind::Internal`] if an item is not Rust, which is a bug of an emitter.
pub fn rust(file: RustFile) -> Result<String, Error> {
    let mut text = format!("// {}\n", header(&file.source));
    for line in &file.docs {
        text.push_str(&head_line(line));
    }
    for item in file.items {
        text.push('\n');
        text.push_str(&item_text(item).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("an emitter wrote something that is not Rust: {error}"))
                .of(&file.source, "")
                .help("this is a bug of the generator; please report it with the model's schemas")
        })?);
    }
    Ok(text)
}

/// One line of the head. The fence of an example becomes a pair of attributes: where its features are off, the example
/// can't be compiled and is only shown.
fn head_line(line: &str) -> String {
    if let Some((kind, gate)) = line.strip_prefix(FENCE_MARK).and_then(|rest| rest.split_once(' ')) {
        return format!("#![cfg_attr({gate}, doc = \"```{kind}\")]\n#![cfg_attr(not({gate}), doc = \"```ignore\")]\n");
    }
    let space = if line.is_empty() { "" } else { " " };
    format!("//!{space}{line}\n")
}

fn item_text(item: TokenStream) -> syn::Result<String> {
    let item: Item = syn::parse2(item)?;
    let mut text =
        prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] });
    // A line inside a string literal may end in spaces; nothing else does.
    while text.ends_with("\n\n") {
        text.pop();
    }
    Ok(text)
}
