//! Any schema through all stages: it is refused, or becomes Rust.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runcomfy_codegen::{ModelSource, Placement, SourceFile, Sources, generate};

fuzz_target!(|text: &str| {
    let file = |name: &str, text: &str| SourceFile { path: format!("a/b/{name}"), text: text.to_owned() };
    let model = ModelSource {
        folder: "a/b".to_owned(),
        manifest: file("model.toml", "id = \"a/b\"\ndisplay_name = \"\"\nsource = \"page\"\nupdated = 2026-01-01\n"),
        input: file("input.json", text),
        output: file("output.json", text),
        lock: None,
        overrides: None,
    };
    if let Ok(package) = generate(&Sources { models: vec![model], ..Sources::default() }, &Placement::Workspace) {
        for (path, text) in package.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
            assert!(syn::parse_file(text).is_ok(), "{path}\n{text}");
        }
    }
});
