//! Attempts that are made once: what each answer means, and that nothing is sent again, or too late.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use runcomfy_client::{Client, SubmitOutcome};
use serde_json::json;

use super::http1::Step::{self, Answer, Close, CloseAfterHead, Reset};
use super::http1::{ACCEPTED, server};
use super::settings;

fn word(outcome: &SubmitOutcome) -> &'static str {
    match outcome {
        SubmitOutcome::Taken { .. } => "taken",
        SubmitOutcome::NotSent(_) => "not sent",
        SubmitOutcome::InputRefused(_) => "input",
        SubmitOutcome::AccountRefused(_) => "account",
        SubmitOutcome::UnknownModel(_) => "model",
        SubmitOutcome::Unknown(doubt) if doubt.request_ids().is_empty() => "unknown",
        SubmitOutcome::Unknown(_) => "unknown, with id",
        other => panic!("{other:?}"),
    }
}

async fn attempt(client: &Client) -> SubmitOutcome {
    client.submit_once("a/b/c", &json!({"prompt": "x"}), || true).await
}

#[tokio::test]
async fn an_attempt_is_one_request_whatever_is_answered() {
    let code = |code: &'static str| Answer("400 Bad Request", code);
    for (step, expected) in [
        (ACCEPTED, "taken"),
        (CloseAfterHead, "unknown"),
        (Close, "unknown"),
        (Reset, "unknown"),
        (Answer("429 Too Many Requests", ""), "not sent"),
        (Answer("421 Misdirected Request", ""), "not sent"),
        (Answer("425 Too Early", ""), "not sent"),
        (code(r#"{"error_code": 400002}"#), "account"),
        (code(r#"{"error_code": 400004}"#), "account"),
        (Answer("401 Unauthorized", ""), "account"),
        (Answer("402 Payment Required", ""), "account"),
        (Answer("403 Forbidden", ""), "account"),
        (Answer("404 Not Found", r#"{"error_code": 404001}"#), "model"),
        (code(r#"{"error_code": 400001}"#), "model"),
        (Answer("422 Unprocessable Content", r#"{"error_code": 422001}"#), "input"),
        (Answer("413 Content Too Large", ""), "input"),
        (Answer("503 Service Unavailable", ""), "unknown"),
        (Answer("408 Request Timeout", ""), "unknown"),
        (Answer("200 OK", r#"{"request_id": "r-1", "eta"#), "unknown, with id"),
    ] {
        let (base, posts) = server(vec![step.clone(), ACCEPTED]).await;
        let outcome = attempt(&settings(&base).build().expect("a client")).await;
        assert_eq!((posts.load(Ordering::SeqCst), word(&outcome)), (1, expected), "{step:?}");
        assert_eq!(outcome.reason().is_none(), expected == "taken", "{step:?}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("an address");
    let outcome = attempt(&settings(&format!("http://{nobody}/v1")).build().expect("a client")).await;
    assert_eq!(word(&outcome), "not sent");
}

#[tokio::test]
async fn an_id_that_can_be_no_models_is_never_sent() {
    let (base, posts) = server(vec![ACCEPTED]).await;
    let client = settings(&base).build().expect("a client");
    let outcome = client.submit_once("a/../c", &json!({}), || true).await;
    assert_eq!((posts.load(Ordering::SeqCst), word(&outcome)), (0, "model"));
}

#[tokio::test]
async fn what_may_be_sent_no_more_is_read_by_no_server() {
    // The first question is before there is a connection, the second before the body leaves.
    for allowed in [0, 1] {
        let (base, posts) = server(vec![Step::CountWhole]).await;
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let may_send = move || count.fetch_add(1, Ordering::SeqCst) < allowed;
        let client = settings(&base).build().expect("a client");
        let outcome = client.submit_once("a/b/c", &json!({"prompt": "x"}), may_send).await;
        assert_eq!((word(&outcome), asked.load(Ordering::SeqCst)), ("not sent", allowed + 1));
        assert_eq!(posts.load(Ordering::SeqCst), 0, "no whole request arrived");
    }
    let (base, posts) = server(vec![Step::CountWhole]).await;
    let outcome = attempt(&settings(&base).build().expect("a client")).await;
    assert_eq!((word(&outcome), posts.load(Ordering::SeqCst)), ("unknown", 1), "what may be sent does arrive");
}
