//! What answers to a submit mean: a job, none, or nobody knows.

use super::*;

fn judge(status: u16, body: &str) -> &'static str {
    verdict_on(&Answer::sample(status, body))
}

fn verdict_on(answer: &Answer) -> &'static str {
    match accepted(answer) {
        Ok(_) => "accepted",
        Err(Doubt::Refused(_)) => "refused",
        Err(Doubt::Unknown { .. }) if answer.request_ids().is_empty() => "unknown",
        Err(Doubt::Unknown { .. }) => "unknown, with id",
    }
}

#[test]
fn only_a_request_id_without_an_error_is_a_job() {
    for (status, body, verdict) in [
        (200, r#"{"request_id": "a-1", "status_url": "https://elsewhere.example", "new": 1}"#, "accepted"),
        (201, r#"{"request_id": "a-1"}"#, "accepted"),
        (202, r#"{"request_id": "a-1", "status": "in_queue", "error": null}"#, "accepted"),
        (200, r#"{"request_id": "../a"}"#, "unknown"),
        (200, r#"{"request_id": 7}"#, "accepted"),
        (200, r#"{"request_id": "req:7.é@x"}"#, "accepted"),
        (200, r#"{"request_id": "s3cret"}"#, "unknown"),
        (200, r#"{"request_id": "r-1", "eta": NaN}"#, "accepted"),
        (200, r#"{"request_id": "r-1", "eta"#, "unknown, with id"),
        (200, r#"{"request_id": "r-1", "request_id": "r-2"}"#, "unknown, with id"),
        (200, r#"{"request_id": "r-1", "status_url": "https://x.example/v1/requests/r-9/status"}"#, "unknown, with id"),
        (200, r#"{"request_id": "r-1", "data": {"request_id": "r-2"}}"#, "unknown, with id"),
        (200, r#"{"request_id": "r-1"}{"request_id": "r-1"}"#, "unknown, with id"),
        (200, r#"{"data": {"request_id": "r-1", "status": "in_queue"}}"#, "unknown, with id"),
        (
            200,
            r#"{"request_id": "r-1", "status_url": "https://x.example/requests/v1/requests/R-1/status"}"#,
            "accepted",
        ),
        (200, r#"{"request_id": "r-1", "input": {"request_id": "r-2"}}"#, "accepted"),
        (200, r#"{"input": {"request_id": "r-2"}, "eta"#, "unknown"),
        (429, r#"{"request_id": "r-1", "eta"#, "unknown, with id"),
        (429, r#"{"request_id": "jobs/r-1", "status": "in_queue"}"#, "unknown"),
        (429, r#"[{"request_id": "r-1"}]"#, "unknown, with id"),
        (429, r#"{"status": "in_queue", "queue_position": 3}"#, "unknown"),
        (429, r#"{"error": "busy", "status_url": "https://x.example/v1/Requests/r-1/status"}"#, "unknown, with id"),
        (400, r#"{"request_id": "jobs/r-1", "error_code": 400001}"#, "unknown"),
        (422, r#"[{"request_id": "r-1"}]"#, "unknown, with id"),
        (402, r#"{"error_code": 400002, "data": {"requestId": " r-1 "}}"#, "unknown, with id"),
        (400, r#"{"error_code": 400002, "queue_position": 3}"#, "unknown"),
        (404, r#"{"body": "{\"request_id\": \"r-1\"}"}"#, "refused"),
        (413, "<RequestId>r-1</RequestId>", "refused"),
        (422, r#"{"detail": [{"path": "/image_url", "message": "must be a URL"}]}"#, "refused"),
        (200, r#"{"error_code": 400002, "result_url": "https://x.example/requests/r-1/result"}"#, "unknown, with id"),
        (200, r#"{"data": {"request_id": "r-1"}}"#, "unknown, with id"),
        (200, r#"{"request_id": " r-1 "}"#, "accepted"),
        (200, "{\0\"\0r\0e\0q\0u\0e\0s\0t\0_\0i\0d\0\"\0:\0\"\0r\0\"\0}\0", "accepted"),
        (429, "{\0\"\0r\0e\0q\0u\0e\0s\0t\0_\0i\0d\0\"\0", "unknown"),
        (421, r#"{"data": {"request_id": "r-1"}}"#, "unknown, with id"),
        (200, r#"{"error_code": 429001, "data": {"request_id": "r-1"}}"#, "unknown, with id"),
        (429, r#"{"error_code": 429001, "error_message": "TooManyRequests"}"#, "refused"),
        (200, r#"{"status": "in_queue"}"#, "unknown"),
        (200, "{}", "unknown"),
        (200, "null", "unknown"),
        (200, r#"{"request_id": "a-"#, "unknown"),
        (204, "", "unknown"),
        (200, r#"{"error_code": 400002, "error_message": "no balance"}"#, "refused"),
        (200, r#"{"error_code": 400002, "request_id": "a-1"}"#, "unknown, with id"),
        (200, r#"{"error_code": 500001}"#, "unknown"),
        (200, r#"{"error": "busy"}"#, "unknown"),
        (200, r#"{"error_code": 429001}"#, "unknown"),
        (429, r#"{"error_code": 400002, "message": "no request_id"}"#, "refused"),
        (307, "", "unknown"),
        (200, r#"{"status": "error", "error_code": 400002}"#, "refused"),
        (400, r#"{"error_code": 400002}"#, "refused"),
        (400, r#"{"error_code": 500001}"#, "unknown"),
        (422, r#"{"error_code": 500001}"#, "unknown"),
        (422, "<html>", "refused"),
        (421, "", "refused"),
        (425, "<html>", "refused"),
        (425, r#"{"error_code": 500001}"#, "unknown"),
        (200, r#"{"error_code": 421001}"#, "unknown"),
        (409, "", "unknown"),
        (429, "", "refused"),
        (408, "", "unknown"),
        (500, r#"{"error_code": 500001}"#, "unknown"),
        (503, "", "unknown"),
    ] {
        assert_eq!(judge(status, body), verdict, "{status} {body}");
    }
}

/// What answers mean after which the same would be sent again, and all other refusals.
fn judge_all(body: &str, again: &str, else_: &str) {
    for status in [421, 425, 429] {
        assert_eq!(judge(status, body), again, "{status} {body}");
    }
    for status in [400, 401, 402, 403, 404, 405, 406, 410, 411, 412, 413, 414, 415, 416, 417, 422, 431] {
        assert_eq!(judge(status, body), else_, "{status} {body}");
    }
}

#[test]
fn a_refusal_that_names_a_job_is_none_and_one_that_mentions_it_is_not_repeated() {
    let (refused, unknown, with_id) = ("refused", "unknown", "unknown, with id");
    for (body, again, else_) in [
        (r#"{"id": "x", "status": "queued"}"#, unknown, unknown),
        (r#"{"data": {"state": "Running"}}"#, unknown, unknown),
        (r#"{"status": "failed"}"#, unknown, refused),
        (r#"{"status": "error", "message": "Too many requests"}"#, refused, refused),
        (r#"{"status": 429, "title": "Too many requests in progress"}"#, refused, refused),
        (r#"{"job_id": "j-1"}"#, unknown, unknown),
        (r#"{"jobId": 7}"#, unknown, unknown),
        (r#"[{"task_id": "j-"#, unknown, unknown),
        (r#"{"job_id": null, "request_id": "", "message": "slow down"}"#, refused, refused),
        (r#"{"message": "Too Many Requests", "requestId": "r-1"}"#, with_id, with_id),
        ("request id: r-1 accepted", unknown, refused),
        ("field request_id is unknown", unknown, refused),
        ("Cannot POST /v1/requests/", refused, refused),
        (r#"{"message": "See https://x.example/account/requests/billing"}"#, refused, refused),
        (r#"{"message": "See https://x.example/v1/requests/r-1"}"#, unknown, refused),
        (r#"{"status_url": "https://status.example"}"#, unknown, refused),
        (r#"{"detail": [{"loc": ["body", "a"], "input": "https://x.example/requests/9/a.png"}]}"#, refused, refused),
        (r#"{"detail": [{"loc": ["body", "a"], "input": "in_progress"}]}"#, unknown, refused),
        (r#"{"detail": [{"loc": ["body"], "input": {"request_id": "r-1"}}]}"#, unknown, refused),
        (r#"{"input": {"status_url": "https://x.example/v1/requests/r-1/status"}}"#, unknown, refused),
        ("<Error><RequestId>r-1</RequestId></Error>", unknown, refused),
        ("<a href='https://support.example/requests/new'>", refused, refused),
        ("\u{1f}\u{fffd}\u{8}", unknown, refused),
    ] {
        judge_all(body, again, else_);
    }
    let long = "x".repeat(2 << 20);
    for (body, again, else_) in [
        (format!(r#"{{"detail": [{{"input": "{long}"}}]}}"#), refused, refused),
        (format!(r#"{{"input": {{"prompt": "{long}", "request_id": "r-1"}}}}"#), unknown, refused),
        (format!(r#"{{"input": "{long}", "request_id": "r-1"}}"#), with_id, with_id),
    ] {
        assert_eq!((judge(429, &body), judge(422, &body)), (again, else_), "{}", &body[..30]);
    }
}

#[test]
fn every_status_of_a_job_is_one() {
    let documented = ["in_queue", "in_progress", "completed", "cancelled"];
    let seen = ["pending", "waiting", "starting", "processing", "succeeded", "canceled", "queued", "RUNNING"];
    for word in documented.into_iter().chain(seen) {
        judge_all(&format!(r#"{{"status": "{word}"}}"#), "unknown", "unknown");
        judge_all(&format!(r#"{{"input": {{"status": "{word}"}}}}"#), "unknown", "refused");
    }
}

#[test]
fn what_can_t_be_read_is_not_sent_again() {
    for (status, verdict) in [(429, "unknown"), (421, "unknown"), (402, "refused"), (200, "unknown")] {
        for body in ["<html>", ""] {
            let is_encoded = true;
            let answer = Answer { is_encoded, ..Answer::sample(status, body) };
            let expected = if status > 402 && body.is_empty() { "refused" } else { verdict };
            assert_eq!(verdict_on(&answer), expected, "{status} {body}");
        }
    }
}
