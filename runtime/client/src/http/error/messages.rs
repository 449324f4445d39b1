//! Every message that an error of this crate can show, in one file for people to read: `snapshots/`. Each kind once, with its
//! sources below it, which must not say again what the message says.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::*;
use crate::http::body::Answer;
use crate::http::status::Update;
use crate::http::{Downloader, SavedFile, Status};
use crate::invalid::{PathPart, Violation, ViolationKind};

/// What a message is about, and the error.
type Sample = (String, Box<dyn StdError>);

fn sample(what: impl Into<String>, error: impl StdError + 'static) -> Sample {
    (what.into(), Box::new(error))
}

/// What a server says with an error, read as a call reads it.
fn reported(status: u16, body: &str) -> Error {
    match Answer::sample(status, body).record() {
        Err(error) => error.about("r-1"),
        Ok(_) => panic!("HTTP {status} {body} is no error"),
    }
}

fn transport(kind: TransportErrorKind) -> TransportError {
    use TransportErrorKind::{Connect, Interrupted, NotTaken, Timeout, TooLarge};
    let detail = match kind {
        Connect => "client error (Connect): tcp connect error: Connection refused (os error 111)",
        NotTaken => "http2 error: stream error received: refused stream before processing",
        Timeout => "operation timed out",
        Interrupted => "connection closed before message completed",
        TooLarge => "more than 67108864 bytes; `max_answer_bytes` raises the limit",
    };
    TransportError::new(kind, detail)
}

fn inputs() -> Vec<Sample> {
    let name = |name: &str, key: &str| PathPart::Name { name: name.to_owned(), key: key.to_owned() };
    let violation = |path: Vec<PathPart>, kind, given: &str, allowed: &str, hint: &str| {
        Violation::new(path, kind, given.to_owned(), allowed.to_owned(), hint.to_owned())
    };
    let steps = violation(vec![name("steps", "47_value")], ViolationKind::Maximum, "99", "2 to 40", "");
    let prompt = violation(vec![name("prompt", "56_text")], ViolationKind::Missing, "", "", "");
    let of = |violations: Vec<Violation>| InvalidInput::none_of(violations).expect_err("a violation");
    vec![
        sample("an input with one problem", of(vec![prompt.clone()])),
        sample("an input with two", of(vec![prompt, steps])),
        sample("a model that the program lacks", crate::CheckError::UnknownModel("a/b/c".to_owned())),
        sample("a text that is no choice", crate::UnknownChoice::new("480X480", vec!["480x480", "720p"])),
    ]
}

fn settings() -> Vec<Sample> {
    let path = || PathBuf::from("/home/me/.config/runcomfy/token.json");
    let reason = || "the reason".to_owned();
    let all = [
        ConfigError::NoToken,
        ConfigError::IllegalToken,
        ConfigError::ExpiredToken { path: path() },
        ConfigError::TokenFile { path: path(), reason: reason() },
        ConfigError::BaseUrl { reason: "is not a URL" },
        ConfigError::ModelId,
        ConfigError::RequestId,
        ConfigError::Http { reason: reason() },
        ConfigError::Body { reason: reason() },
    ];
    let mut samples: Vec<Sample> = all.into_iter().map(|error| sample(variant(&error), error)).collect();
    for rule in ["*", "a b"] {
        let error = Downloader::builder().allow_host(rule).build().expect_err("no rule");
        samples.push(sample(format!("the host rule `{rule}`"), error));
    }
    let drift = Drift {
        model_id: "a/b/c".to_owned(),
        changes: vec![
            KeyChange::Moved { name: "steps", key: "47_value", now: "48_value".to_owned() },
            KeyChange::Removed { name: "seed", key: "98_seed" },
            KeyChange::Added { key: "99_later".to_owned(), required: true },
            KeyChange::Added { key: "98_later".to_owned(), required: false },
            KeyChange::Required { name: "image", key: "118_image", required: true },
            KeyChange::Required { name: "prompt", key: "56_text", required: false },
            KeyChange::Type { name: "cfg", key: "108_cfg", was: "an integer".to_owned(), now: "a string".to_owned() },
        ],
    };
    samples.push(sample("a model that is published otherwise", drift));
    samples
}

fn answers() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (status, body) in [
        (400, r#"{"error_code": 400001, "error_message": "invalid model_id"}"#),
        (401, r#"{"error_code": 401001, "error_message": "invalid token"}"#),
        (402, r#"{"error_code": 400002, "error_message": "insufficient balance"}"#),
        (403, r#"{"error_code": 403001, "error_message": "not yours"}"#),
        (404, r#"{"error_code": 404001, "error_message": "no such request"}"#),
        (422, r#"{"detail": [{"path": "/47_value", "message": "must be at most 40"}]}"#),
        (422, r#"{"message": "Validation failed.", "errors": [{"loc": ["body", "a", 0], "msg": "no URL"}]}"#),
        (422, r#"{"detail": [{"msg": "too large"}, {"path": "/47_value", "message": "too small"}, "no credit"]}"#),
        (421, ""),
        (429, r#"{"error": "slow down"}"#),
        (500, r#"{"error_code": 500001}"#),
        (502, "<html><body>Bad Gateway</body></html>"),
        (503, ""),
        (307, ""),
        (418, r#"{"detail": "I'm a teapot"}"#),
        (200, r#"{"error_code": 400002, "error_message": "insufficient balance"}"#),
        (200, "<html><body>Sign in</body></html>"),
        (200, r#"{"status": "completed", "output": {"a"#),
        (200, "[]"),
        (200, ""),
    ] {
        samples.push(sample(format!("HTTP {status} {body}"), reported(status, body)));
    }
    for status in [302, 404] {
        let mut answer = Answer::sample(status, "");
        answer.location = Some("login.example.com, another server".to_owned());
        samples.push(sample(format!("HTTP {status} with another address"), answer.record().err().expect("an error")));
    }
    use TransportErrorKind::{Connect, Interrupted, NotTaken, Timeout, TooLarge};
    for kind in [Connect, NotTaken, Timeout, Interrupted, TooLarge] {
        samples.push(sample(format!("{kind:?}"), transport(kind)));
    }
    let body = Answer::sample(200, r#"{"status": "completed", "output": {"video": 7}}"#);
    samples.push(sample("no status", body.undecodable("status", "is missing", false)));
    let output = Some(Box::new(serde_json::json!({"video": 7})));
    let odd = body.undecodable("output.video", "does not fit its type: 7 has the wrong type, allowed a string", true);
    samples.push(sample("an output of another form", DecodeError { output, ..odd }));
    samples
}

fn jobs() -> Vec<Sample> {
    let request_id = || "r-1".to_owned();
    let unknown = |cause: &str, http_status, body: &str, ids: &[&str]| OutcomeUnknown {
        model_id: "a/b/c".to_owned(),
        sent_at: SystemTime::UNIX_EPOCH,
        cause: cause.to_owned(),
        http_status,
        body: body.to_owned(),
        request_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        is_told: false,
    };
    let detached = |last: Option<Status>, cause| Detached {
        model_id: None,
        request_id: request_id(),
        last: last.map(|status| Update { status, queue_position: Some(2) }),
        waited: Duration::from_millis(61_500),
        cause,
    };
    let failure = |code: Option<&str>| Failure {
        request_id: request_id(),
        code: code.map(str::to_owned),
        message: "out of memory".to_owned(),
        cost: None,
        output: None,
        body: String::new(),
    };
    let (html, odd) = ("<html><body>Bad Gateway</body></html>", r#"{"status": "paused"}"#.to_owned());
    let ending = |status: &str| UnknownEnding {
        request_id: request_id(),
        status: status.to_owned(),
        output: None,
        body: odd.clone(),
    };
    let gone = || reported(404, r#"{"error": "no such request"}"#);
    vec![
        sample("no answer to a submit", unknown(&transport(TransportErrorKind::Timeout).to_string(), None, "", &[])),
        sample("a page instead", unknown("the answer is not an object", Some(502), html, &[])),
        sample("cut after its id", unknown("the answer is cut off after 27 bytes", Some(200), "{\"a", &["r-1"])),
        sample("two ids", unknown("the answer has more than one request id", Some(200), "{}", &["r-1", "r-2"])),
        sample("a refusal that speaks of a job", {
            let cause =
                "the server does not take this request (code 400001): \"no\"; and yet the answer speaks of a job";
            OutcomeUnknown { is_told: true, ..unknown(cause, Some(400), "{}", &["r-1"]) }
        }),
        sample("failed", failure(None)),
        sample("failed with a code", failure(Some("500001"))),
        sample("no output", NoOutput { request_id: request_id(), cost: Some(0.1), body: String::new() }),
        sample("out of reach", OutOfReach { request_id: request_id(), cause: gone() }),
        sample(
            "too large",
            OutOfReach { request_id: request_id(), cause: transport(TransportErrorKind::TooLarge).into() },
        ),
        sample("cancelled", Error::Cancelled { request_id: request_id() }),
        sample("the time is up", detached(Some(Status::InQueue), None)),
        sample("the time is up, and nothing was heard", detached(None, None)),
        sample("a refusal", detached(None, Some(gone()))),
        sample("an outage", detached(Some(Status::InProgress), Some(transport(TransportErrorKind::Connect).into()))),
        sample("an ending that nobody knows", ending("paused")),
        sample("a result without a status", ending("")),
    ]
}

fn files() -> Vec<Sample> {
    use DownloadErrorKind as Kind;
    let broken = io::Error::new(io::ErrorKind::ConnectionReset, "connection reset");
    let disk = |kind: io::ErrorKind| Kind::Disk(kind.into());
    let kinds = [
        Kind::Url("only https is fetched"),
        Kind::HostNotAllowed { host: "files.example.com".to_owned() },
        Kind::NotFound,
        Kind::Status(403),
        Kind::from(Unexpected::new("100000 bytes", "50010 bytes")),
        Kind::from(Unexpected::new("the file as it is", "the file encoded as `gzip`")),
        Kind::Name("job"),
        Kind::TooLarge { limit: 2 << 30 },
        Kind::Exists,
        Kind::InUse,
        Kind::Connection(broken.into()),
        disk(io::ErrorKind::StorageFull),
        disk(io::ErrorKind::PermissionDenied),
        disk(io::ErrorKind::NotADirectory),
        disk(io::ErrorKind::Interrupted),
    ];
    let url = "https://x.runcomfy.net/f.mp4";
    let failed = |kind| DownloadError::new(url, Some("out/f.mp4".into()), kind);
    let mut samples: Vec<Sample> =
        kinds.into_iter().map(|kind| sample(variant(&kind), Error::from(failed(kind)))).collect();
    let later = failed(Kind::Status(429)).with_retry_after(Some(Duration::from_secs(30)));
    samples.push(sample("later", later));
    let part =
        DownloadError::new(url, Some("out/f.mp4.0123456789abcdef.part".into()), disk(io::ErrorKind::StorageFull));
    samples.push(sample("a partial file", part.of_file("out/f.mp4".into())));
    let text = Unexpected::new("a film or a sound", "a text that begins with `busy`").into();
    samples.push(sample("a file in the output", DownloadError::new("data:video/mp4;base64", None, text)));
    let saved = ["out/g.mp4", "out/h.mp4"].map(|path| SavedFile { path: path.into(), url: url.to_owned(), bytes: 1 });
    samples.push(sample("one of three", failed(Kind::NotFound).with_saved(saved.to_vec())));
    samples.push(sample("no URL", DownloadError::new("f.mp4", None, Kind::Url("this is no absolute URL"))));
    let words = DownloadError::new("my film.mp4", None, Kind::Url("this is no absolute URL"));
    samples.push(sample("no URL in an output", words.at("output.videos[0]")));
    samples
}

/// The name of an error's variant.
fn variant(error: &dyn fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

#[test]
fn every_message_reads_as_a_sentence_and_says_nothing_twice() {
    let mut text = String::new();
    for (title, samples) in
        [("Inputs", inputs()), ("Settings", settings()), ("Answers", answers()), ("Jobs", jobs()), ("Files", files())]
    {
        writeln!(text, "# {title}\n").expect("a text");
        for (what, error) in samples {
            let message = error.to_string();
            assert!(message.matches("r-1").count() < 2, "{message}: the job is named twice");
            writeln!(text, "{what}\n    {}", message.replace('\n', "\n    ")).expect("a text");
            let mut source = error.source();
            while let Some(cause) = source {
                assert!(!message.contains(&cause.to_string()), "{message}: its source says the same");
                writeln!(text, "    source: {cause}").expect("a text");
                source = cause.source();
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text);
}
