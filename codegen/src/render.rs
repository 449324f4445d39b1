//! Token trees in, text out. The look is prettyplease's, pinned by Cargo.lock, so equal trees always give equal bytes.
//! Knows nothing of what it prints.

use proc_macro2::TokenStream;
use syn::Item;

use crate::file::{DocLine, RustFile};
use crate::{Error, ErrorKind};

/// Prints a file: header, head, then its items with a blank line between them.
///
/// # Errors
/// [`ErrorKind::Internal`] if an item is not Rust, which is a bug of an emitter.
pub fn rust(file: RustFile) -> Result<String, Error> {
    let mut text: String = file.header.iter().map(|line| format!("// {line}\n")).collect();
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

/// One line of the head. Where the features of an example are off, it can't be compiled and is only shown.
fn head_line(line: &DocLine) -> String {
    match line {
        DocLine::Text(line) if line.is_empty() => "//!\n".to_owned(),
        DocLine::Text(line) => format!("//! {line}\n"),
        DocLine::Attribute(attribute) => format!("\n#![{attribute}]\n"),
        DocLine::Fence { kind, gate } => {
            format!("#![cfg_attr({gate}, doc = \"```{kind}\")]\n#![cfg_attr(not({gate}), doc = \"```ignore\")]\n")
        }
    }
}

fn item_text(item: TokenStream) -> syn::Result<String> {
    let item: Item = syn::parse2(item)?;
    let is_impl = matches!(item, Item::Impl(_));
    let mut text =
        prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] });
    // A line inside a string literal may end in spaces; nothing else does.
    while text.ends_with("\n\n") {
        text.pop();
    }
    Ok(if is_impl { with_blank_lines(&text) } else { text })
}

/// The methods of an implementation with a blank line between them, which prettyplease leaves out. Literals have no line
/// breaks here, so every line is one of code.
fn with_blank_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut before = "";
    for line in text.lines() {
        let starts = ["    ///", "    #[", "    fn ", "    pub "].iter().any(|start| line.starts_with(start));
        let in_docs = ["    ///", "    #["].iter().any(|start| before.starts_with(start));
        let ended = before == "    }" || before.starts_with("    ") && before.ends_with(';') && !in_docs;
        if starts && ended {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}
