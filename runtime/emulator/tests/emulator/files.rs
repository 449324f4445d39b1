//! The media files: ranges, entity tags, and that no token is wanted for them.

use reqwest::StatusCode;
use reqwest::header::{ACCEPT_RANGES, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use runcomfy_emulator::Emulator;
use serde_json::json;

use crate::support::{Client, MODEL, TIME, builder};

/// An emulator whose only job left one file of each kind, and their URLs.
async fn with_files() -> (Emulator, Vec<String>) {
    let output =
        json!({"image": "file:image", "videos": ["file:video"], "sound": {"audio": "file:audio"}, "note": "file"});
    let emulator = builder().output(MODEL, output).media_bytes(20_000).start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let output = client.result(&id).await["output"].clone();
    let urls = [&output["image"], &output["videos"][0], &output["sound"]["audio"]];
    (emulator, urls.map(|url| url.as_str().expect("a URL").to_owned()).to_vec())
}

#[tokio::test]
async fn files_are_what_their_type_says() {
    let (emulator, urls) = with_files().await;
    let expected = [("image/png", &b"\x89PNG"[..], 0), ("video/mp4", b"ftyp", 4), ("audio/wav", b"RIFF", 0)];
    for (url, (kind, magic, at)) in urls.iter().zip(expected) {
        assert!(url.starts_with(emulator.files_url()), "{url}");
        let file = reqwest::get(url).await.expect("an answer");
        assert_eq!((file.status(), &file.headers()[CONTENT_TYPE]), (StatusCode::OK, &kind.parse().expect("a value")));
        assert_eq!(file.headers()[ACCEPT_RANGES], "bytes");
        let bytes = file.bytes().await.expect("a body");
        assert_eq!(&bytes[at..at + 4], magic);
        assert!(bytes.len() >= 20_000);
    }
    assert!(emulator.visits().iter().all(|visit| visit.method == "GET" && !visit.carried_token));
}

#[tokio::test]
async fn parts_of_a_file_make_the_whole() {
    let (_emulator, urls) = with_files().await;
    let client = reqwest::Client::new();
    let whole = client.get(&urls[1]).send().await.expect("an answer").bytes().await.expect("a body");
    let mut parts = Vec::new();
    for range in ["bytes=0-999", "bytes=1000-", "bytes=-0"] {
        let part = client.get(&urls[1]).header(RANGE, range).send().await.expect("an answer");
        if range == "bytes=-0" {
            assert_eq!(part.status(), StatusCode::RANGE_NOT_SATISFIABLE, "the last 0 bytes are none");
            break;
        }
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        let content_range = part.headers()[CONTENT_RANGE].to_str().expect("text").to_owned();
        assert!(content_range.ends_with(&format!("/{}", whole.len())), "{content_range}");
        parts.extend(part.bytes().await.expect("a body"));
    }
    assert_eq!(parts, whole);
    let last = client.get(&urls[1]).header(RANGE, "bytes=-10").send().await.expect("an answer");
    assert_eq!(last.bytes().await.expect("a body"), whole.slice(whole.len() - 10..));
}

#[tokio::test]
async fn a_range_behind_the_end_is_416() {
    let (_emulator, urls) = with_files().await;
    let request = reqwest::Client::new().get(&urls[0]).header(RANGE, "bytes=9999999-");
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert!(answer.headers()[CONTENT_RANGE].to_str().expect("text").starts_with("bytes */"));
}

#[tokio::test]
async fn if_range_gives_the_whole_file_once_it_changed() {
    let (_emulator, urls) = with_files().await;
    let client = reqwest::Client::new();
    let etag = client.get(&urls[0]).send().await.expect("an answer").headers()[ETAG].clone();
    for (known, status) in
        [(etag, StatusCode::PARTIAL_CONTENT), ("\"another\"".parse().expect("a value"), StatusCode::OK)]
    {
        let request = client.get(&urls[0]).header(RANGE, "bytes=5-").header(IF_RANGE, known);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
}

#[tokio::test]
async fn a_token_brought_to_the_files_is_noted() {
    let (emulator, urls) = with_files().await;
    let request = reqwest::Client::new().get(&urls[0]).header(AUTHORIZATION, "Bearer secret");
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::OK);
    assert!(emulator.visits().iter().any(|visit| visit.carried_token));
}

#[tokio::test]
async fn only_what_the_output_names_is_there() {
    let emulator = builder().start().await.expect("starts");
    let id = Client::new(&emulator).submit(1).await;
    let status = async |name: &str| {
        let url = format!("{}/files/{id}/{name}", emulator.files_url());
        reqwest::get(url).await.expect("an answer").status()
    };
    assert_eq!(status("0.mp4").await, StatusCode::NOT_FOUND, "the job has not finished");
    emulator.advance(TIME);
    assert_eq!(status("0.mp4").await, StatusCode::OK);
    for name in ["1.mp4", "0.png", "0.exe", "mp4"] {
        assert_eq!(status(name).await, StatusCode::NOT_FOUND, "{name}");
    }
}
