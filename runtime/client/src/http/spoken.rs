//! Whether an answer speaks of a job at all: any bytes in, a suspicion out. Must not know which call is answered.

use super::ids::Names;
use super::lax;
use crate::Json;

/// How large an answer may be, in bytes, to be looked at value by value.
const MAX_TREE_BYTES: usize = 1 << 20;

/// How many levels of JSON within texts of JSON are looked at.
const MAX_NESTED_TEXTS: usize = 3;

/// Whether anything in a text sounds like a job, in any form: its id, its place in the queue, an address of it. Too much
/// rather than too little.
pub(super) fn of_a_job(text: &[u8]) -> bool {
    speaks(text, MAX_NESTED_TEXTS)
}

fn speaks(text: &[u8], levels: usize) -> bool {
    match lax::parse::<Json>(text.get(..text.len().min(MAX_TREE_BYTES)).unwrap_or_default()) {
        Ok(json) => json_speaks(&json, levels),
        Err(_) => text_speaks(text),
    }
}

fn json_speaks(json: &Json, levels: usize) -> bool {
    match json {
        Json::Array(items) => items.iter().any(|item| json_speaks(item, levels)),
        Json::Object(entries) => entries.iter().any(|(key, value)| {
            let names = matches!(Names::of(key.as_bytes()), Names::Id | Names::Address | Names::Place);
            names && !value.is_null() && *value != "" || json_speaks(value, levels)
        }),
        Json::String(text) if text.trim_start().starts_with(['{', '[']) && levels > 0 => {
            speaks(text.as_bytes(), levels - 1)
        }
        Json::String(text) => {
            let is = |word: &str| text.eq_ignore_ascii_case(word);
            is("in_queue") || is("in_progress") || text.to_ascii_lowercase().contains("/requests/")
        }
        _ => false,
    }
}

fn text_speaks(text: &[u8]) -> bool {
    // Without the zeros that UTF-16 puts between letters.
    let letters = text.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect::<Vec<_>>();
    let text = String::from_utf8_lossy(&letters);
    let words = ["queue_position", "in_queue", "in_progress", "/requests/"];
    let keys = ["request_id", "status_url", "result_url", "cancel_url"];
    let spelled = |key: &str| [key.to_owned(), key.replace('_', "-"), key.replace('_', "")];
    words.iter().any(|word| text.contains(word)) || keys.into_iter().flat_map(spelled).any(|key| text.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_heard_of_in_every_form() {
        for text in [
            r#"{"requestId": "r-1"}"#,
            r#"{"a": [{"Request-ID": 7}]}"#,
            r#"{"queue_position": 0}"#,
            r#"{"state": "IN_QUEUE"}"#,
            r#"{"body": "{\"request_id\": \"r-1\"}"}"#,
            r#"{"see": "https://x.example/v1/requests/r-1"}"#,
            r#"{"request_id": "r-"#,
            "<RequestId>r-1</RequestId>",
            "<a href='/v1/requests/r-1/status'>",
        ] {
            assert!(of_a_job(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_refusal_of_an_input_is_not_taken_for_a_job() {
        for text in [
            "",
            r#"{"error_code": 422001, "detail": [{"path": "/56_image_url", "message": "no URL: in the queue of requests"}]}"#,
            r#"{"status": "error", "request_id": null, "message": "your request has no identity"}"#,
            r#"{"detail": [{"loc": ["body", "image_url"], "input": "https://example.com/a.png"}]}"#,
            "<html>Ray ID: 7</html>",
        ] {
            assert!(!of_a_job(text.as_bytes()), "{text}");
        }
    }
}
