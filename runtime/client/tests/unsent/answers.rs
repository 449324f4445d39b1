//! What answers say of jobs, and how often a submit is sent after them.

use std::sync::atomic::Ordering;

use runcomfy_client::Error;

use super::http1::Step::{self, Answer, AnswerWith, Cut};
use super::http1::{ACCEPTED, server};
use super::{outcome, settings, submit};

const BUSY: &str = "429 Too Many Requests";

/// Submits at a server that answers so, and then accepts all. How many submits it read, and what came of them.
async fn sent(first: Step) -> (usize, Result<runcomfy_client::Job, Error>) {
    let (base, posts) = server(vec![first, ACCEPTED]).await;
    let submitted = submit(&settings(&base).build().expect("a client")).await;
    (posts.load(Ordering::SeqCst), submitted)
}

#[tokio::test]
async fn after_an_answer_that_may_be_about_a_job_nothing_is_sent_again() {
    for (step, end) in [
        (Answer(BUSY, r#"{"status": "pending"}"#), "unknown"),
        (Answer(BUSY, r#"{"status": "succeeded"}"#), "unknown"),
        (Answer(BUSY, r#"{"status": "failed"}"#), "unknown"),
        (Answer(BUSY, r#"{"id": "x", "status": "queued"}"#), "unknown"),
        (Answer("421 Misdirected Request", r#"{"jobId": "j-1"}"#), "unknown"),
        (Answer("425 Too Early", r#"{"task_id": "j-1"}"#), "unknown"),
        (Answer(BUSY, "request id: r-1 accepted"), "unknown"),
        (Answer(BUSY, r#"{"input": {"request_id": "r-1"}}"#), "unknown"),
        (AnswerWith(BUSY, "Link: </v1/requests/r-1/status>; rel=status", "{}"), "unknown, with id"),
        (AnswerWith(BUSY, "Location: /elsewhere", "{}"), "unknown"),
        (AnswerWith(BUSY, "Content-Encoding: gzip", "\u{1f}"), "unknown"),
        (AnswerWith(BUSY, "Content-Encoding: br", "!!"), "unknown"),
        (Answer("200 OK", r#"{"error_code": 429001, "error_message": "TooManyRequests"}"#), "unknown"),
        (Answer("422 Unprocessable Content", r#"{"status": "processing"}"#), "unknown"),
        (AnswerWith("404 Not Found", "Link: </v1/requests/r-1>", ""), "unknown, with id"),
    ] {
        let (posts, submitted) = sent(step.clone()).await;
        assert_eq!((posts, outcome(submitted)), (1, end), "{step:?}");
    }
}

#[tokio::test]
async fn a_cut_answer_tells_the_ids_that_are_whole() {
    let (whole, within) = (r#"{"request_id": "r-7", "status": "in_q"#, r#"{"status": "in_queue", "request_id": "r-"#);
    for (step, ids) in [
        (Cut("200 OK", whole), &["r-7"][..]),
        (Cut("429 Too Many Requests", whole), &["r-7"]),
        (Cut("500 Internal Server Error", whole), &["r-7"]),
        (Cut("200 OK", r#"{"status_url": "https://h/v1/requests/r-7/status", "x"#), &["r-7"]),
        (Cut("200 OK", within), &[]),
        (Cut("200 OK", ""), &[]),
        // By a server that thinks that this is all.
        (Answer("200 OK", whole), &["r-7"]),
        (Answer("200 OK", within), &[]),
    ] {
        let (posts, submitted) = sent(step.clone()).await;
        let Err(Error::OutcomeUnknown(error)) = submitted else { panic!("{step:?}: {submitted:?}") };
        assert_eq!(
            (posts, error.request_ids()),
            (1, &*ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()),
            "{step:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_says_no_more_than_later_is_obeyed() {
    for step in [
        Answer(BUSY, r#"{"error_code": 429001, "error_message": "Too many requests in progress"}"#),
        Answer(BUSY, r#"{"status": "error", "message": "slow down"}"#),
        Answer(BUSY, "<a href='https://support.example/requests/new'>"),
        AnswerWith(BUSY, "Content-Encoding: identity", "later"),
        AnswerWith(BUSY, "Content-Encoding: gzip", ""),
        AnswerWith(BUSY, "X-Request-Id: r-1", ""),
    ] {
        let (posts, submitted) = sent(step.clone()).await;
        assert_eq!((posts, outcome(submitted)), (2, "accepted"), "{step:?}");
    }
}

#[tokio::test]
async fn a_refusal_stays_one_whatever_it_mentions() {
    let no_funds =
        r#"{"error_code": 400002, "message": "Insufficient balance. See https://x.example/account/requests/billing"}"#;
    let echo = r#"{"error_code": 422001, "detail": [{"loc": ["body", "prompt"], "msg": "no", "input": {"request_id": "r-1"}}]}"#;
    let has_fields = |error: &Error| matches!(error, Error::Api(error) if error.fields().len() == 1);
    for (step, is_expected) in [
        (Answer("402 Payment Required", no_funds), Error::needs_funds as fn(&Error) -> bool),
        (Answer("429 Too Many Requests", no_funds), Error::needs_funds),
        (AnswerWith("402 Payment Required", "Content-Encoding: gzip", "\u{1f}"), Error::needs_funds),
        (AnswerWith("401 Unauthorized", "Location: /login", ""), Error::is_auth),
        (Answer("403 Forbidden", "<Error><RequestId>r-1</RequestId></Error>"), Error::is_auth),
        (Answer("404 Not Found", "Cannot POST /v1/requests/"), Error::is_not_found),
        (Answer("422 Unprocessable Content", echo), has_fields),
    ] {
        let (posts, submitted) = sent(step.clone()).await;
        let error = submitted.expect_err("a refusal");
        assert!(posts == 1 && is_expected(&error), "{step:?}: {posts} {error}");
    }
    for status in
        ["406 Not Acceptable", "412 Precondition Failed", "416 Range Not Satisfiable", "417 Expectation Failed"]
    {
        let (posts, submitted) = sent(Answer(status, "")).await;
        assert_eq!((posts, outcome(submitted)), (1, "refused"), "{status}");
    }
}
