//! Odd answers, one trap each.

use super::*;
use crate::http::error::ApiErrorKind;
use crate::http::record::has_content;
use reqwest::header::HeaderValue;

fn api(status: u16, body: &str) -> ApiError {
    match Answer::sample(status, body).record() {
        Err(Error::Api(error)) => *error,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("no error: {body}"),
    }
}

#[test]
fn all_spellings_of_an_error_are_read() {
    for (body, code, message) in [
        (r#"{"error_code": 400002, "error_message": "no balance"}"#, "400002", "no balance"),
        (r#"{"code": "400002", "error": "no balance"}"#, "400002", "no balance"),
        (r#"{"error": {"code": 400002, "message": "no balance"}}"#, "400002", "no balance"),
        (r#"{"error_code": "400002", "message": "no balance", "detail": null}"#, "400002", "no balance"),
        (r#"{"code": 400002, "error": true, "detail": [{"path": "/a", "message": "unsaid"}]}"#, "400002", "a: unsaid"),
    ] {
        for status in [200, 400] {
            let error = api(status, body);
            assert_eq!((error.code(), error.message()), (Some(code), message), "{body}");
            assert_eq!(error.kind(), ApiErrorKind::InsufficientFunds);
        }
    }
    let html = api(502, "<html>Bad Gateway</html>");
    assert_eq!((html.code(), html.message()), (None, "<html>Bad Gateway</html>"));
}

#[test]
fn the_error_of_a_job_is_not_one_of_the_call() {
    let body = r#"{"request_id": "a", "status": "failed", "error": "out of memory", "error_code": 500001}"#;
    let record = Answer::sample(200, body).record().expect("a record");
    assert_eq!(record.error_text(true).as_deref(), Some("out of memory"));
    let empty = r#"{"request_id": "a", "error": null, "error_code": 0, "code": 0, "message": "ok"}"#;
    assert!(Answer::sample(200, empty).record().is_ok());
}

#[test]
fn parts_of_another_type_are_as_good_as_missing() {
    let body = r#"{"status": 7, "queue_position": "3", "cost": "0.25", "created_at": {}, "new": [1]}"#;
    let record = Answer::sample(200, body).record().expect("a record");
    assert_eq!((record.status, record.queue_position, record.cost), (None, Some(3), Some(0.25)));
    let body = r#"{"status": "in_queue", "queue_position": -1, "cost": null}"#;
    let record = Answer::sample(200, body).record().expect("a record");
    assert_eq!((record.queue_position, record.cost), (None, None));
}

#[test]
fn what_is_no_json_may_be_asked_for_again() {
    for garbled in ["{\"status\": \"comp", "<html>", "", "{} {}"] {
        let error = Answer::sample(200, garbled).record().err().expect(garbled);
        assert!(matches!(&error, Error::Decode(_)) && error.is_retryable(), "{garbled}: {error}");
    }
    let list = Answer::sample(200, "[]").record().err();
    assert!(list.is_none_or(|error| !error.is_retryable()));
}

#[test]
fn a_server_that_repeats_the_token_does_not_get_it_into_an_error() {
    let long = format!("{{\"message\": \"{}s3cret is no token\"}}", "x".repeat(MAX_SNIPPET_BYTES - 14));
    for body in [r#"{"error_message": "s3cret is no token", "code": "s3cret"}"#, "s3cret is no token", &long] {
        let error = api(401, body);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("s3cr"), "{shown}");
    }
}

#[test]
fn a_token_that_is_repeated_in_another_spelling_is_hidden_too() {
    for spelled in [r"s3/cr+\et", r"s3\/cr+\\et", r"s3/cr\u002B\u005cet", "s3%2Fcr%2b%5Cet", r"\u0073%33\/cr+\\et"] {
        let mut answer = Answer::sample(401, &format!("<p>{spelled}</p> is no token, s3/cr is"));
        answer.secret = Secret::new(HeaderValue::from_static(r"Bearer s3/cr+\et"));
        let Err(Error::Api(error)) = answer.record() else { panic!("{spelled}") };
        assert_eq!(error.body(), "<p>…</p> is no token, s3/cr is", "{spelled}");
        assert!(!format!("{error} {error:?}").contains(spelled), "{error:?}");
    }
}

#[test]
fn a_token_that_is_repeated_without_end_is_hidden_to_the_end() {
    for between in ["", " ", "é"] {
        let mut answer = Answer::sample(401, &format!("s3cret-of-some-length{between}").repeat(2000));
        answer.secret = Secret::new(HeaderValue::from_static("Bearer s3cret-of-some-length"));
        let Err(Error::Api(error)) = answer.record() else { panic!("an error") };
        assert!(!error.body().contains("s3") && !error.message().contains("s3"), "{}", error.body());
        assert!(error.body().len() <= MAX_SNIPPET_BYTES);
    }
}

#[test]
fn the_status_error_of_a_call_is_not_that_of_a_job() {
    assert_eq!(api(200, r#"{"status": "error", "error_code": 500001}"#).kind(), ApiErrorKind::Server);
    let about_a_job = r#"{"request_id": "a-1", "status": "error", "error_code": 500001}"#;
    assert!(Answer::sample(200, about_a_job).record().is_ok());
}

#[test]
fn an_empty_envelope_says_nothing() {
    for (json, says) in [
        (r#"{"videos": []}"#, false),
        (r#"{"video": null, "image": ""}"#, false),
        (r#"{"videos": ["https://example.com/a.mp4"]}"#, true),
    ] {
        assert_eq!(has_content(&serde_json::from_str(json).expect("JSON")), says, "{json}");
    }
}

#[test]
fn a_token_that_is_repeated_as_a_status_is_kept_out() {
    let record = Answer::sample(200, r#"{"request_id": "a-1", "status": "s3cret"}"#).record();
    let status = record.ok().and_then(|record| record.status);
    assert_eq!(status.as_ref().map(Status::as_str), Some("…"));
}

#[test]
fn a_token_that_is_part_of_a_word_hides_nothing_before_it_is_read() {
    let mut answer = Answer::sample(200, r#"{"request_id": "r-1", "status": "completed", "outcome": "cancelled"}"#);
    answer.secret = Secret::new(HeaderValue::from_static("Bearer t"));
    let record = answer.record().expect("a record");
    assert_eq!((record.status, record.outcome), (Some(Status::Completed), Some(Cancellation::Cancelled)));
}

#[test]
fn keys_that_are_written_twice_cost_nothing_and_ids_that_differ_are_all_told() {
    let record = Answer::sample(
        200,
        r#"{"request_id": "r-1", "status": "in_queue", "status": "completed", "request_id": "r-1"}"#,
    );
    let record = record.record().expect("a record");
    assert_eq!((record.request_ids, record.status), (vec!["r-1".to_owned()], Some(Status::Completed)));
    let two = Answer::sample(200, r#"{"request_id": "r-1", "request_id": 27, "input": {"request_id": "no"}}"#);
    assert_eq!(two.request_ids(), ["r-1", "27"]);
}

#[test]
fn an_error_says_which_field_is_meant() {
    for body in [
        r#"{"error_code": 422001, "detail": [{"path": "/47_value", "message": "too small"}]}"#,
        r#"{"detail": [{"loc": ["body", "47_value"], "msg": "too small", "type": "x"}]}"#,
        r#"{"errors": {"47_value": ["too small"]}}"#,
        r#"{"error": {"message": "invalid", "details": [{"field": "47_value", "message": "too small"}]}}"#,
    ] {
        let error = api(422, body);
        let [field] = error.fields() else { panic!("{error:?}") };
        assert_eq!((field.wire_key(), field.message()), ("47_value", "too small"), "{body}");
        assert_eq!(error.to_string().matches("too small").count(), 1, "{error}");
    }
    assert!(api(422, r#"{"detail": "Not enough"}"#).fields().is_empty());
}

#[test]
fn an_answer_takes_memory_near_its_size() {
    let large = format!("{{\"output\":[{}1]}}", "1,".repeat(10 << 20));
    let answer = Answer::sample(200, &large);
    let record = answer.record().expect("no value is made of what nobody asked for");
    let output = record.output.expect("an output");
    assert!(answer.tree(output.get().as_bytes(), "output").is_err_and(|error| !error.is_retryable()));
    assert!(answer.json().is_err());
}
