//! Schemas that mean harm: texts and models in, generated code out, and two ways to see that nothing a schema says became
//! code in it.
//!
//! - [`twins`]: a hostile model and a harmless one of the same shape, whose code must have the same shape too;
//! - [`provenance`]: every token is an emitter's, or part of a name, a string or the docs.
//!
//! The fuzz targets use this module too; it must not use the rest of this crate.

pub mod provenance;
pub mod twins;

use runcomfy_codegen::{Errors, ModelSource, Package, Placement, SourceFile, Sources};

/// Texts that end strings, comments and attributes, or that can't be seen.
pub const TEXTS: [&str; 24] = [
    "quote\" end",
    "line\nbreak",
    "*/ fn injected() {} /*",
    "//! injected",
    "#![injected]",
    "#[cfg(injected)]",
    "\u{202e}reversed",
    "nul\0nul",
    "r#\"raw\"#",
    "'single'",
    "back\\slash",
    "{braces} {0}",
    "`ticks` ```rust\npanic!()\n```",
    "</details><script>alert(1)</script>",
    "\u{feff}mark",
    "crlf\r\nend",
    "]]; static X: u8 = 1; [[",
    "a\u{300}\u{301} é ü",
    "self",
    "Self Input Output Required",
    "0 9 8",
    "[link](javascript:alert(1))",
    "unsafe { injected() }",
    "$crate!()",
];

/// A model with this input schema.
#[must_use]
pub fn model(input: &str) -> ModelSource {
    let file =
        |name: &str, text: &str| SourceFile { path: format!("hostile/model/base/{name}"), text: text.to_owned() };
    ModelSource {
        folder: "hostile/model/base".to_owned(),
        manifest: file(
            "model.toml",
            "id = \"hostile/model/base\"\ndisplay_name = \"*/ \\u202e `x` \\\" #[\"\nsource = \"page\"\nupdated = 2026-01-01\n",
        ),
        input: file("input.json", input),
        output: file("output.json", r#"{"type": "object", "properties": {"image": {"type": "string"}}}"#),
        lock: None,
        overrides: None,
    }
}

/// All stages over one schema.
///
/// # Errors
/// Those of the generator, which may refuse a schema but not crash on it.
pub fn generated(input: &str) -> Result<Package, Errors> {
    runcomfy_codegen::generate(&Sources { models: vec![model(input)], ..Sources::default() }, &Placement::Workspace)
}
