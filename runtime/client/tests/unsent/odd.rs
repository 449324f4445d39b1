//! Answers over HTTP/1.1 whose form is odd: what is odd costs itself, and not the id of a job that is paid for.

use std::sync::atomic::Ordering;

use super::http1::Step::Raw;
use super::http1::{ACCEPTED, server};
use super::{outcome, settings, submit};

macro_rules! accepted {
    ($head:literal) => {
        concat!("HTTP/1.1 200 OK\r\n", $head, "Content-Length: 21\r\n\r\n{\"request_id\": \"r-1\"}").as_bytes()
    };
}

macro_rules! chunked {
    ($head:literal, $end:literal) => {
        concat!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n",
            $head,
            "\r\n15;a=b\r\n{\"request_id\": \"r-1\"}\r\n",
            $end
        )
        .as_bytes()
    };
}

async fn ends(answers: &[(&'static [u8], &str)]) {
    for (bytes, end) in answers {
        let (base, posts) = server(vec![Raw(bytes), ACCEPTED]).await;
        let submitted = submit(&settings(&base).build().expect("a client")).await;
        let ended = outcome(submitted);
        assert_eq!((posts.load(Ordering::SeqCst), ended), (1, *end), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test]
async fn an_odd_line_in_the_head_of_an_answer_costs_that_line() {
    ends(&[
        (accepted!("X-Name : a space before the colon\r\n"), "accepted"),
        (accepted!("X Name: two words\r\n"), "accepted"),
        (accepted!("X-N\u{e4}me: a letter that no name has\r\n"), "accepted"),
        (accepted!("X-Name: a control\u{1} character\r\n"), "accepted"),
        (accepted!("X-Name: \u{e9}\u{1f3ac}\r\n"), "accepted"),
        (accepted!("no colon at all\r\n"), "accepted"),
        (accepted!(": no name\r\n"), "accepted"),
        (accepted!("X-Name: folded\r\n   on two lines\r\n"), "accepted"),
        (accepted!("Content-Length: 21\r\n"), "accepted"),
        (accepted!("Date: never\r\nDate: \r\nRetry-After: soon\r\n"), "accepted"),
        (accepted!("Content-Type: text/html; charset=utf-7\r\nContent-Type: x\r\n"), "accepted"),
        (accepted!("Connection: upgrade\r\nUpgrade: h2c\r\n"), "accepted"),
        // Said of a body that is none of that.
        (accepted!("Content-Encoding: gzip\r\n"), "accepted"),
    ])
    .await;
}

#[tokio::test]
async fn a_head_of_many_lines_costs_nothing() {
    let job = "{\"request_id\": \"r-1\"}";
    for count in [101, 1000, 4000] {
        let lines = "X-Line: a line that nobody asked for\r\n".repeat(count);
        let head = format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 21\r\n\r\n{job}");
        let trailer = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n{job}\r\n0\r\n{lines}\r\n");
        let early = format!("HTTP/1.1 103 Early\r\n{lines}\r\nHTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{job}");
        // A trailer may have no more than 16 KiB, but the id came before it.
        let after = if count == 101 { "accepted" } else { "unknown, with id" };
        for (answer, end) in [(head, "accepted"), (early, "accepted"), (trailer, after)] {
            ends(&[(answer.into_bytes().leak(), end)]).await;
        }
    }
}

#[tokio::test]
async fn an_odd_first_line_costs_nothing_where_it_says_success() {
    ends(&[
        (b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: 21\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.1 200\r\nContent-Length: 21\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.0 200 OK\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.1 200 OK\n\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.1 103 Early\r\nX y\r\n\r\nHTTP/1.1 299 Odd\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.1 101 Other\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n{\"request_id\": \"r-1\"}", "unknown"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "unknown"),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "unknown"),
        (b"HTTP/1.1 600 Odd\r\nContent-Length: 21\r\n\r\n{\"request_id\": \"r-1\"}", "unknown, with id"),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", "unknown"),
        (b"ICY 200 OK\r\n\r\n{\"request_id\": \"r-1\"}\r\n", "unknown"),
        (b"{\"request_id\": \"r-1\"}\r\n", "unknown"),
    ])
    .await;
}

#[tokio::test]
async fn a_length_that_is_wrong_leaves_the_id() {
    ends(&[
        (chunked!("", "0\r\nX-Request: r-2\r\n\r\n"), "accepted"),
        (chunked!("Content-Length: 21\r\n", "0\r\n\r\n"), "accepted"),
        (chunked!("", "0\r\nno trailer\r\n\r\n"), "unknown, with id"),
        (chunked!("", "0\r\n"), "unknown, with id"),
        (chunked!("", ""), "unknown, with id"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"request_id\": \"r-1\"}", "unknown, with id"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"request_id\": \"r-1\"}", "unknown, with id"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 21, 21\r\n\r\n{\"request_id\": \"r-1\"}", "accepted"),
        (b"HTTP/1.1 200 OK\r\n\r\n{\"request_id\": \"r-1\"}\r\n", "accepted"),
    ])
    .await;
}
