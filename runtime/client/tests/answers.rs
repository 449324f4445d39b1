//! Odd results of a job that has ended, from a server of a few lines: the job never goes out of sight. Time is tokio's, paused.

#![cfg(feature = "http")]

use std::time::Duration;

use runcomfy_client::{Client, Ending, Error, Job};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

/// A job that has ended, at a server that answers every question about its result so.
async fn job(status: &'static str, result: &'static str) -> Job {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut part = [0; 1024];
                match stream.read(&mut part).await {
                    Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
                    _ => break,
                }
            }
            let asks_status = String::from_utf8_lossy(&request).contains("/status ");
            let (status, body) = if asks_status { ("200 OK", r#"{"status":"completed"}"#) } else { (status, result) };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    let client = Client::builder().base_url(base).token("tok-9").build().expect("a client");
    client.untyped_job("r-1").expect("an id")
}

#[tokio::test(start_paused = true)]
async fn an_odd_value_costs_itself_and_not_the_result() {
    let result =
        r#"{"request_id":"r-1","status":"succeeded","output":{"video":"https://example.com/f.mp4","score":NaN}}"#;
    let ending = job("200 OK", result).await.wait().await.expect("an ending");
    let Ending::Succeeded(done) = ending else { panic!("{ending:?}") };
    assert_eq!(done.output, json!({"video": "https://example.com/f.mp4", "score": null}));
}

#[tokio::test(start_paused = true)]
async fn an_empty_output_is_an_ending_of_its_own() {
    for output in ["{}", "[]", r#"{"videos":[],"video":null}"#] {
        let result = format!(r#"{{"request_id":"r-1","status":"succeeded","output":{output}}}"#).leak();
        let ending = job("200 OK", result).await.wait().await.expect("an ending");
        assert!(matches!(&ending, Ending::NoOutput(nothing) if nothing.request_id == "r-1"), "{ending:?}");
        assert!(ending.is_over() && matches!(ending.success(), Err(Error::NoOutput(_))));
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_has_failed_only_where_the_api_says_so() {
    let failed = r#"{"request_id":"r-1","status":"failed","error":"out of memory"}"#;
    let ending = job("422 Unprocessable Entity", failed).await.wait().await.expect("an ending");
    assert!(matches!(&ending, Ending::Failed(failure) if failure.message == "out of memory"), "{ending:?}");

    for (status, body) in [
        ("422 Unprocessable Entity", r#"{"message":"no"}"#),
        ("404 Not Found", r#"{"error_code":404001,"message":"no"}"#),
        ("404 Not Found", "<html>no</html>"),
        ("502 Bad Gateway", "<html>no</html>"),
        ("200 OK", "<html>no</html>"),
    ] {
        let job = job(status, body).await;
        let begun = Instant::now();
        let error = job.wait().await.expect_err(body);
        assert!(matches!(error, Error::OutOfReach(_)) && !error.is_retryable(), "{status} {body}: {error}");
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(begun.elapsed() >= Duration::from_secs(60), "{status} {body}: {:?}", begun.elapsed());
    }
}
