//! Answers whose form is odd, as they go over the line: heads that no server should send, bodies without an end, encodings.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use runcomfy_emulator::{Emulator, Fault, Faults, NoEnd, OddHead, Outcome, RetryAfter, Route};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Client, MODEL, body, builder};

async fn with(route: Route, fault: Fault) -> Emulator {
    builder().faults(Faults::none().nth(route, 1, fault)).start().await.expect("starts")
}

/// Submits once with that fault. Gives head and body of the answer, byte for byte.
async fn submitted(fault: Fault) -> (Vec<u8>, Vec<u8>) {
    let emulator = with(Route::Submit, fault).await;
    let (sent, token) = (body(1).to_string(), emulator.token());
    let mut stream = TcpStream::connect(emulator.url().trim_start_matches("http://")).await.expect("listens");
    let head = format!("POST /v1/models/{MODEL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n");
    let length = sent.len();
    let head = format!("{head}Connection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all((head + &sent).as_bytes()).await.expect("connected");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let account = emulator.account();
    let [submission] = account.submissions() else { panic!("one, not {account:?}") };
    assert_eq!((submission.fault, submission.outcome), (Some(fault), Outcome::InProgress));
    assert!(submission.ambiguous, "{fault:?}");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    let body = answer.split_off(end);
    (answer, body)
}

fn has(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// An id that is whole.
fn tells_a_job(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|answer| answer["request_id"].is_string())
}

#[tokio::test]
async fn a_head_has_what_no_head_should_have_and_the_body_is_as_usual() {
    let lines: [&[u8]; OddHead::ALL.len()] = [
        b"this line has no colon\r\n",
        b": this line has no name\r\n",
        b"X Odd: 1\r\n",
        b"X-\xC3\x96dd: 1\r\n",
        b"X-Odd : 1\r\n",
        b"X-Odd: \xF0\x9F\x8E\xAC caf\xE9\r\n",
        b"X-Odd: \x01\r\n",
        b"X-Odd: this goes on\r\n\tin the next line\r\n",
        b"X-Odd-999: 999\r\n",
    ];
    for (odd, line) in OddHead::ALL.into_iter().zip(lines) {
        let (head, body) = submitted(Fault::Head(odd)).await;
        assert!(head.starts_with(b"HTTP/1.1 200 OK\r\n") && has(&head, line), "{odd:?}: {}", head.escape_ascii());
        assert!(has(&head, format!("content-length: {}\r\n", body.len()).as_bytes()), "{odd:?}");
        assert!(tells_a_job(&body), "{odd:?}");
    }
    let (head, _) = submitted(Fault::Head(OddHead::Lines(1000))).await;
    assert!(head.split(|byte| *byte == b'\n').count() > 1000);
}

#[tokio::test]
async fn a_whole_body_ends_in_no_way_that_http_knows() {
    for end in NoEnd::ALL {
        let (head, body) = submitted(Fault::Unended(end, Duration::from_millis(20))).await;
        let length = String::from_utf8_lossy(&head)
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let is_chunked = has(&head, b"transfer-encoding: chunked\r\n");
        let (is_whole, expected) = match end {
            NoEnd::Length => (tells_a_job(&body), (Some(body.len() + 4), false)),
            NoEnd::Chunk => {
                let start = body.iter().position(|byte| *byte == b'\n').expect("a length") + 1;
                let text = std::str::from_utf8(&body[..start]).expect("a number").trim_end();
                let chunk = usize::from_str_radix(text, 16).expect("a number");
                assert_eq!(body.len(), start + chunk + 2, "one chunk and no other");
                (tells_a_job(&body[start..]), (None, true))
            }
            _ => (tells_a_job(&body), (None, false)),
        };
        assert!(is_whole, "{end:?}: {}", body.escape_ascii());
        assert_eq!((length, is_chunked), expected, "{end:?}");
    }
}

#[tokio::test]
async fn an_answer_is_in_an_encoding_that_nobody_asked_for_or_says_so() {
    let (head, body) = submitted(Fault::Gzip).await;
    assert!(has(&head, b"content-encoding: gzip\r\n") && body.starts_with(b"\x1F\x8B"), "{}", body.escape_ascii());
    let (head, body) = submitted(Fault::Encoding("none")).await;
    assert!(has(&head, b"content-encoding: none\r\n") && tells_a_job(&body), "{}", head.escape_ascii());
}

#[tokio::test]
async fn come_back_later_is_said_in_several_lines() {
    let emulator = with(Route::Models, Fault::RateLimited(RetryAfter::Lines(&["1", "soon", "2"]))).await;
    let answer = Client::new(&emulator).request(Method::GET, "models").send().await.expect("an answer");
    let lines: Vec<_> = answer.headers().get_all(RETRY_AFTER).iter().map(|line| line.as_bytes()).collect();
    assert_eq!((answer.status().as_u16(), lines), (429, vec![&b"1"[..], b"soon", b"2"]));
}

#[tokio::test]
async fn a_status_is_a_list_of_it() {
    let emulator = with(Route::Status, Fault::ListedStatus).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    assert_eq!(client.status(&id).await["status"], serde_json::json!(["in_progress"]));
    assert_eq!(client.status(&id).await["status"], "in_progress");
}
