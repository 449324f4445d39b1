//! Whether an answer may speak of a job: any bytes in, a suspicion out, rather too much than too little. Only for answers
//! after which the same would be sent again. Must not know which call is answered.

use super::ids::{self, Names};
use super::lax;
use crate::Json;

/// How large an answer may be, in bytes, to be looked at value by value.
const MAX_TREE_BYTES: usize = 1 << 20;

/// How many levels of JSON within texts of JSON are looked at.
const MAX_NESTED_TEXTS: usize = 3;

/// Whether anything in a text sounds like a job, in any form: its id, its place in the queue, its status, an address of it.
/// What can't be read may be all of that.
pub(super) fn of_a_job(text: &[u8]) -> bool {
    let is_text = |byte: &u8| !byte.is_ascii_control() || byte.is_ascii_whitespace();
    !text.iter().all(is_text) || speaks(text, MAX_NESTED_TEXTS)
}

fn speaks(text: &[u8], levels: usize) -> bool {
    let json = if text.len() <= MAX_TREE_BYTES { lax::parse::<Json>(text).ok() } else { None };
    json.map_or_else(|| text_speaks(&String::from_utf8_lossy(text)), |json| json_speaks(&json, levels))
}

fn json_speaks(json: &Json, levels: usize) -> bool {
    match json {
        Json::Array(items) => items.iter().any(|item| json_speaks(item, levels)),
        Json::Object(entries) => entries.iter().any(|(key, value)| match Names::of(key.as_bytes()) {
            Names::Id | Names::Job | Names::Address | Names::Place if !value.is_null() && *value != "" => true,
            Names::Status if value.as_str().is_some_and(|word| ids::is_status(word) || is_failure(word)) => true,
            _ => json_speaks(value, levels),
        }),
        Json::String(text) if text.trim_start().starts_with(['{', '[']) && levels > 0 => {
            speaks(text.as_bytes(), levels - 1)
        }
        Json::String(text) => text_speaks(text),
        _ => false,
    }
}

/// A job that failed was one. The word `error` is said of calls.
fn is_failure(word: &str) -> bool {
    word.eq_ignore_ascii_case("failed")
}

fn text_speaks(text: &str) -> bool {
    let text = text.to_ascii_lowercase().replace('\\', "");
    let is_said = |word: &str| text.contains(word);
    is_said("in_queue") || is_said("in_progress") || has_address(&text) || has_name(&text)
}

/// Whether there is an address of a job: not every page below `/requests/` is one.
fn has_address(text: &str) -> bool {
    text.split("/requests/").skip(1).any(|rest| {
        let address = rest.split(|c: char| c.is_whitespace() || "\"'<>?#,;)]}".contains(c)).next().unwrap_or_default();
        match address.split_once('/') {
            None => address.contains(|c: char| c.is_ascii_digit()),
            Some((id, call)) => !id.is_empty() && matches!(call, "" | "status" | "result" | "cancel"),
        }
    })
}

/// Whether there is a name of a job, in one word or in two.
fn has_name(text: &str) -> bool {
    let mut before = "";
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
        let before = std::mem::replace(&mut before, word);
        ids::job_words().any(|name| {
            word.ends_with(name)
                || name.strip_suffix(word).is_some_and(|start| !start.is_empty() && before.ends_with(start))
        })
    })
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
            r#"{"a": {"status": "Failed"}}"#,
            r#"{"body": "{\"request_id\": \"r-1\"}"}"#,
            r#"{"see": "https://x.example/v1/requests/r-1"}"#,
            r#"{"request_id": "r-"#,
            r#"{"see": "https:\/\/x.example\/v1\/requests\/r-1", "eta"#,
            "<RequestId>r-1</RequestId>",
            "<a href='/v1/requests/abc/status'>",
            "request id: r-1 accepted",
            "the Job-ID is 7",
            "X-Task-Id: 7",
            "\u{1f}\u{fffd}\u{8}\0\0",
        ] {
            assert!(of_a_job(text.as_bytes()), "{text}");
        }
        let large = format!("{{\"input\": \"{}\", \"request_id\": \"r-1\"}}", "x".repeat(MAX_TREE_BYTES));
        assert!(of_a_job(large.as_bytes()));
    }

    #[test]
    fn a_refusal_of_an_input_is_not_taken_for_a_job() {
        for text in [
            "",
            r#"{"error_code": 422001, "detail": [{"path": "/56_image_url", "message": "no URL: in the queue of requests"}]}"#,
            r#"{"status": "error", "request_id": null, "message": "your request has no identity"}"#,
            r#"{"status": 429, "title": "Too many requests in progress: 3 of 3"}"#,
            r#"{"detail": [{"loc": ["body", "image_url"], "input": "https://example.com/a.png"}]}"#,
            r#"{"detail": [{"input": "https://cdn.example/requests/9/ref.png"}]}"#,
            "Cannot POST /v1/requests/",
            "<a href=\"https://support.example/hc/requests/new\">a request with all its ID</a>",
            "<html>Ray ID: 7</html>\r\n",
            "caf\u{e9}",
        ] {
            assert!(!of_a_job(text.as_bytes()), "{text}");
        }
    }
}
