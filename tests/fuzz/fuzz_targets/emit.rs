//! Any schema through all stages, as input and as output: it is refused, or becomes Rust that holds nothing but names,
//! strings and docs of it.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use runcomfy_codegen::{Placement, Sources, generate};
use workspace_fuzz::hostile::{model, provenance::strangers};

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    workspace_fuzz::mutate(data, size, most, seed)
});

fuzz_target!(|text: &str| {
    let mut source = model(text);
    source.output.text = text.to_owned();
    let Ok(package) = generate(&Sources { models: vec![source], ..Sources::default() }, &Placement::Workspace) else {
        return;
    };
    let strangers = strangers([package.files["src/hostile/model/base.rs"].as_str()]);
    assert!(strangers.is_empty(), "{strangers:?}");
    assert!(!package.files.values().any(|text| text.contains(['\0', '\u{202e}'])));
});
