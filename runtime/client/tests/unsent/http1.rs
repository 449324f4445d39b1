//! Submits over HTTP/1.1, at a server that does with each what a script says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use runcomfy_client::{Error, RetryPolicy};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{outcome, settings, submit};

/// What a server does with a request.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Counts the request only when all is read, and closes.
    CountWhole,
    /// Closes when the head is read.
    CloseAfterHead,
    /// Closes when all is read.
    Close,
    /// Resets the connection when all is read.
    Reset,
    /// Answers with a status and a body, and closes.
    Answer(&'static str, &'static str),
    /// Answers with a status, another line of the head and a body, and closes.
    AnswerWith(&'static str, &'static str, &'static str),
    /// Begins an answer whose body is this and more, and closes.
    Cut(&'static str, &'static str),
    /// Redirects to this place, and closes.
    Redirect(&'static str, &'static str),
    /// Sends these very bytes, and closes.
    Raw(&'static [u8]),
}

pub(super) const ACCEPTED: Step = Step::Answer("200 OK", r#"{"request_id": "r-1"}"#);

/// A server whose `n`th request meets the `n`th step, the last one again and again; and how many submits it read of.
pub(super) async fn server(steps: Vec<Step>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let posts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&posts);
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.expect("a connection");
            let step = steps[number.min(steps.len() - 1)].clone();
            tokio::spawn(serve(stream, step, Arc::clone(&count)));
        }
    });
    (base, posts)
}

async fn serve(stream: TcpStream, step: Step, posts: Arc<AtomicUsize>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let start = head.len();
        if stream.read_line(&mut head).await? == 0 {
            return Ok(());
        }
        if let Some((name, value)) = head[start..].split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    // Without it any encoding of the answer will do, says HTTP.
    if !head.to_ascii_lowercase().contains("\r\naccept-encoding: identity\r\n") {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let post = usize::from(head.starts_with("POST "));
    posts.fetch_add(if matches!(step, Step::CountWhole) { 0 } else { post }, Ordering::SeqCst);
    if matches!(step, Step::CloseAfterHead) {
        return Ok(());
    }
    stream.read_exact(&mut vec![0; length]).await?;
    if matches!(step, Step::CountWhole) {
        posts.fetch_add(post, Ordering::SeqCst);
    }
    let answer = match step {
        Step::Reset => return stream.get_ref().set_zero_linger(),
        Step::Answer(status, body) => format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()),
        Step::Cut(status, body) => format!("HTTP/1.1 {status}\r\nContent-Length: 99999\r\n\r\n{body}"),
        Step::AnswerWith(status, line, body) => {
            format!("HTTP/1.1 {status}\r\n{line}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        }
        Step::Redirect(status, place) => {
            format!("HTTP/1.1 {status}\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n")
        }
        Step::Raw(bytes) => return stream.write_all(bytes).await,
        _ => return Ok(()),
    };
    stream.write_all(answer.as_bytes()).await
}

#[tokio::test]
async fn only_what_certainly_did_not_arrive_is_sent_again() {
    use Step::{Answer, AnswerWith, Close, CloseAfterHead, Redirect, Reset};
    let (wrong_server, too_early) = ("421 Misdirected Request", "425 Too Early");
    for (steps, sent, end) in [
        (vec![CloseAfterHead, ACCEPTED], 1, "unknown"),
        (vec![Close, ACCEPTED], 1, "unknown"),
        (vec![Reset, ACCEPTED], 1, "unknown"),
        (vec![Answer(wrong_server, ""), ACCEPTED], 2, "accepted"),
        (vec![Answer(too_early, "<html>"), ACCEPTED], 2, "accepted"),
        (vec![Answer(too_early, ""), Answer(wrong_server, "{}"), Answer(too_early, ""), ACCEPTED], 4, "accepted"),
        (vec![Answer(wrong_server, "")], 4, "refused"),
        (vec![Answer(too_early, "")], 4, "refused"),
        (vec![Answer(too_early, ""), Close, ACCEPTED], 2, "unknown"),
        (vec![Answer(wrong_server, r#"{"request_id": "r-7"}"#), ACCEPTED], 1, "unknown, with id"),
        (vec![Answer(too_early, r#"{"error_code": 500001}"#), ACCEPTED], 1, "unknown"),
        (vec![Answer(wrong_server, r#"{"error_code": 400002}"#), ACCEPTED], 1, "unknown"),
        (vec![Answer("400 Bad Request", r#"{"data": {"request_id": "r-7"}}"#), ACCEPTED], 1, "unknown, with id"),
        (vec![Answer("402 Payment Required", r#"{"queue_position": 2}"#), ACCEPTED], 1, "unknown"),
        (vec![Answer("429 Too Many Requests", r#"[{"request_id": "r-7"}]"#), ACCEPTED], 1, "unknown, with id"),
        (vec![Answer("429 Too Many Requests", "<request_id>r-7"), ACCEPTED], 1, "unknown"),
        (vec![Redirect("429 Too Many Requests", "/v1/requests/r-7/status"), ACCEPTED], 1, "unknown, with id"),
        (vec![Redirect("404 Not Found", "/v1/requests/r-7/status"), ACCEPTED], 1, "unknown, with id"),
        (vec![Answer("200 OK", r#"{"request_id": "r-1", "data": {"request_id": "r-2"}}"#)], 1, "unknown, with id"),
        (
            vec![AnswerWith("200 OK", "Location: /v1/requests/r-9", r#"{"request_id": "r-1"}"#), ACCEPTED],
            1,
            "unknown, with id",
        ),
        (vec![AnswerWith("200 OK", "Location: /v1/requests/r-1", r#"{"request_id": "r-1"}"#)], 1, "accepted"),
        (vec![Answer("420 Enhance Your Calm", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("423 Locked", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("424 Failed Dependency", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("408 Request Timeout", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("409 Conflict", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("503 Service Unavailable", ""), ACCEPTED], 1, "unknown"),
        (vec![Answer("504 Gateway Timeout", ""), ACCEPTED], 1, "unknown"),
    ] {
        let (base, posts) = server(steps.clone()).await;
        let client = settings(&base).build().expect("a client");
        let ended = outcome(submit(&client).await);
        assert_eq!((posts.load(Ordering::SeqCst), ended), (sent, end), "{steps:?}");
    }
}

#[tokio::test]
async fn a_policy_that_repeats_nothing_holds() {
    let (base, posts) = server(vec![Step::Answer("425 Too Early", ""), ACCEPTED]).await;
    let client = settings(&base).retry(RetryPolicy::never()).build().expect("a client");
    assert_eq!(outcome(submit(&client).await), "refused");
    assert_eq!(posts.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_submit_that_is_redirected_is_not_sent_again() {
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        for place in ["http://127.0.0.1:1/", "/v1/models/a/b/c", "/elsewhere"] {
            let (base, posts) = server(vec![Step::Redirect(status, place), ACCEPTED]).await;
            let own = super::connections().redirect(reqwest::redirect::Policy::none()).build().expect("HTTP");
            let client = settings(&base).http_client(own).build().expect("a client");
            assert_eq!(
                (outcome(submit(&client).await), posts.load(Ordering::SeqCst)),
                ("unknown", 1),
                "{status} {place}"
            );
        }
    }
}

/// Such a client would make a second request, whose fate would be taken for that of the submit.
#[test]
fn a_client_that_follows_redirects_is_refused() {
    let own = super::connections().redirect(reqwest::redirect::Policy::limited(5)).build().expect("HTTP");
    let error = settings("https://127.0.0.1:1/v1").http_client(own).build().expect_err("it follows");
    assert!(matches!(error, Error::Config(_)) && error.to_string().contains("Policy::none()"), "{error}");
}
