//! Any text as a schema: what is read writes itself and reads back; and as the other files of a model.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use runcomfy_codegen::lock::Lock;
use runcomfy_codegen::overrides::Overrides;
use runcomfy_codegen::{Manifest, SourceFile, fixup, json, schema};

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    workspace_fuzz::mutate(data, size, most, seed)
});

fuzz_target!(|text: &str| {
    let file = |name: &str| SourceFile { path: format!("a/b/{name}"), text: text.to_owned() };
    if let Ok(json) = json::parse(&file("input.json"))
        && let Ok(mut parsed) = schema::parse(&json, "")
    {
        fixup::input(&mut parsed);
        let written = parsed.to_full_json();
        let again = schema::parse(&written, "").expect("what was read is valid");
        assert_eq!(again.to_full_json(), written);
    }
    if let Ok(lock) = Lock::parse(&file("names.lock")) {
        let again = Lock::parse(&SourceFile { text: lock.render(), ..file("names.lock") }).expect("what was written");
        assert_eq!(again, lock);
    }
    let _ = Overrides::parse(&file("overrides.toml"));
    if let Ok(manifest) = Manifest::parse(&file("model.toml")) {
        assert_eq!(Manifest::parse(&SourceFile { text: manifest.render(), ..file("model.toml") }), Ok(manifest));
    }
});
