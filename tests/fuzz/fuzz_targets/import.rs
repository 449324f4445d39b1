//! Any text as a saved page: it is read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = runcomfy_codegen::fs::decode(data.to_vec())
        && let Ok(page) = runcomfy_codegen::import::read_page("page", &text)
    {
        assert!(serde_json::from_str::<serde_json::Value>(&page.input).is_ok());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = runcomfy_codegen::sync::response::read("response.json", text);
    }
});
