//! Odd results of a job that has ended, from a server of a few lines: the job never goes out of sight. Time is tokio's, paused.

#![cfg(feature = "http")]

use std::time::Duration;

use runcomfy_client::{Cancellation, Client, Ending, Error, Job};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

/// A job that has ended, at a server that answers every question about its result so.
async fn job(status: &'static str, result: &'static str) -> Job {
    job_of(move |_| (status, result)).await
}

/// A job that has ended, at a server that answers the questions about its result so, which are counted.
async fn job_of(answer: impl Fn(usize) -> (&'static str, &'static str) + Send + 'static) -> Job {
    job_with("completed", answer).await
}

/// A job whose status is this one, at a server that answers the questions about its result so.
async fn job_with(word: &'static str, answer: impl Fn(usize) -> (&'static str, &'static str) + Send + 'static) -> Job {
    let known: &str = format!(r#"{{"status":"{word}"}}"#).leak();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let mut asked = 0;
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
            asked += usize::from(!asks_status);
            let (status, body) = if asks_status { ("200 OK", known) } else { answer(asked) };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    });
    let client = Client::builder().base_url(base).token("tok-9").max_answer_bytes(20_000).build().expect("a client");
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
async fn no_error_shows_the_login_of_a_url() {
    let url = "https://user:pass-word@files.runcomfy.net/f.mp4?signature=1";
    let failed = format!(r#"{{"status":"failed","error":"no such file: {url}"}}"#).leak();
    let ending = job("200 OK", failed).await.wait().await.expect("an ending");
    let strange = format!(r#"{{"status":"strange","finished_at":"now","output":"{url}"}}"#).leak();
    let unknown = job("200 OK", strange).await.result().await.expect("an ending").success().expect_err("strange");
    let refused = job("400 Bad Request", format!(r#"{{"message":"{url}"}}"#).leak()).await.result().await;
    let folder = tempfile::tempdir().expect("a folder");
    let downloader = runcomfy_client::Downloader::builder().build().expect("a downloader");
    let download = downloader.download_all(&json!({ "video": url }), folder.path()).await.expect_err("a login");
    let single = downloader.download(url, folder.path().join("f.mp4")).await.expect_err("a login");
    assert_eq!(download.url(), "https://…@files.runcomfy.net/f.mp4");
    let failed = ending.success().expect_err("failed");
    assert_eq!(unknown.output(), Some(&json!(url)), "what was paid for stays whole");
    for text in [failed.to_string(), format!("{failed:?}"), unknown.to_string()] {
        assert!(!text.contains("pass-word") && text.contains("@files.runcomfy.net"), "{text}");
    }
    for text in [format!("{refused:?}"), format!("{download} {download:?}"), format!("{single} {single:?}")] {
        assert!(!text.contains("pass-word") && text.contains("@files.runcomfy.net"), "{text}");
    }
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

#[tokio::test(start_paused = true)]
async fn a_success_without_an_output_is_asked_for_again_and_then_believed() {
    for result in [
        r#"{"request_id":"r-1","status":"succeeded","output":null,"cost":0.5}"#,
        r#"{"request_id":"r-1","status":"completed","cost":0.5}"#,
    ] {
        let begun = Instant::now();
        let ending = job("200 OK", result).await.wait().await.expect("an ending");
        let Ending::NoOutput(nothing) = &ending else { panic!("{ending:?}") };
        assert_eq!((&*nothing.request_id, nothing.cost, &*nothing.body), ("r-1", Some(0.5), result));
        assert!((20..60).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
        let late = job_of(move |asked| match asked {
            1 | 2 => ("200 OK", result),
            _ => ("200 OK", r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"}}"#),
        });
        let ending = late.await.wait().await.expect("an ending");
        assert!(matches!(ending, Ending::Succeeded(_)), "{ending:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ending_that_is_not_understood_keeps_its_output_and_all_that_was_said() {
    let output = json!({"video": "https://h/a.mp4"});
    let echo = "x".repeat(9000);
    for status in ["\"paused\"", "\"cancelled\"", "null"] {
        let result = format!(r#"{{"input":"{echo}","status":{status},"output":{output},"tok":"tok-9"}}"#);
        let ending = job("200 OK", result.clone().leak()).await.wait().await.expect("an ending");
        let Ending::Unknown(unknown) = &ending else { panic!("{ending:?}") };
        assert_eq!((unknown.output.as_ref(), &unknown.body), (Some(&output), &result.replace("tok-9", "…")));
        let error = ending.success().expect_err("no success");
        assert_eq!((error.output(), error.request_id()), (Some(&output), Some("r-1")));
    }
    let failed = format!(r#"{{"input":"{echo}","status":"failed","output":{output},"error":"later"}}"#).leak();
    let ending = job("200 OK", failed).await.wait().await.expect("an ending");
    assert!(matches!(&ending, Ending::Failed(failure) if failure.output.as_ref() == Some(&output)), "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn an_output_is_found_where_a_later_null_or_another_key_hides_it() {
    let film = json!({"video": "https://h/a.mp4"});
    for rest in [
        format!(r#""output":{film},"output":null"#),
        format!(r#""output":{film},"output":{{}}"#),
        format!(r#""output":null,"output":{film},"status":null"#),
        format!(r#""outputs":{film}"#),
        format!(r#""result":{film},"output":null"#),
        format!(r#""output":{{}},"outputs":{film}"#),
        format!(r#""output":{film},"outputs":{{"video":"https://h/other.mp4"}},"result":"ok""#),
    ] {
        let result = format!(r#"{{"request_id":"r-1","status":"succeeded",{rest}}}"#).leak();
        let ending = job("200 OK", result).await.wait().await.expect("an ending");
        let Ending::Succeeded(done) = ending else { panic!("{rest}: {ending:?}") };
        assert_eq!(done.output, film, "{rest}");
    }
    for rest in [r#""result":"ok""#, r#""result":{"video":null}"#, r#""outputs":[],"result":7"#] {
        let result = format!(r#"{{"request_id":"r-1","status":"succeeded",{rest}}}"#).leak();
        let ending = job("200 OK", result).await.wait().await.expect("an ending");
        assert!(matches!(ending, Ending::NoOutput(_)), "{rest}: {ending:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_beside_an_output_is_a_warning() {
    let result = r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"},"error":"warning: slow, tok-9"}"#;
    let ending = job("200 OK", result).await.wait().await.expect("an ending");
    let Ending::Succeeded(done) = ending else { panic!("{ending:?}") };
    assert_eq!(done.warning.as_deref(), Some("warning: slow, …"));
}

#[tokio::test(start_paused = true)]
async fn an_error_beside_nothing_is_a_failure() {
    for output in ["null", "{}", "[]", r#"{"video":null}"#, r#"{"videos":[]}"#] {
        let result = format!(r#"{{"status":"succeeded","output":{output},"error":"out of memory"}}"#).leak();
        let begun = Instant::now();
        let ending = job("200 OK", result).await.wait().await.expect("an ending");
        assert!(matches!(&ending, Ending::Failed(failure) if failure.message == "out of memory"), "{ending:?}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{output}: it is certain at once");
    }
    // An unknown status beside an error is no sign that the job goes on.
    let strange = r#"{"status":"exploded","error":"out of memory"}"#;
    let ending = job("200 OK", strange).await.wait().await.expect("an ending");
    assert!(matches!(&ending, Ending::Unknown(unknown) if unknown.body == strange), "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_job_that_ran_all_the_same_gives_what_was_paid_for() {
    let paid = r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"},"cost":0.3}"#;
    let ending = job_with("cancelled", move |_| ("200 OK", paid)).await.wait().await.expect("an ending");
    assert!(matches!(&ending, Ending::Succeeded(done) if done.cost == Some(0.3)), "{ending:?}");
    let late = move |asked| if asked < 8 { ("503 Service Unavailable", "") } else { ("200 OK", paid) };
    let ending = job_with("cancelled", late).await.wait().await.expect("an ending");
    assert!(matches!(&ending, Ending::Succeeded(_)), "{ending:?}");
    for (status, result) in [
        ("200 OK", r#"{"status":"cancelled"}"#),
        ("200 OK", r#"{"status":"in_progress"}"#),
        ("404 Not Found", r#"{"error_code":404001}"#),
    ] {
        let begun = Instant::now();
        let ending = job_with("cancelled", move |_| (status, result)).await.wait().await.expect("an ending");
        assert!(matches!(ending, Ending::Cancelled(_)), "{result}: {ending:?}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{result}: asked more than once");
    }
    let both = r#"{"status":"cancelled","output":{"video":"https://h/a.mp4"}}"#;
    let ending = job_with("cancelled", move |_| ("200 OK", both)).await.wait().await.expect("an ending");
    let told = ending.success().expect_err("no success").to_string();
    assert!(told.contains("and an output all the same") && !told.contains("does not know"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_result_that_is_larger_than_the_client_takes_is_out_of_reach_and_not_of_sight() {
    let result = format!(r#"{{"request_id":"r-1","status":"succeeded","output":"{}"}}"#, "x".repeat(30_000)).leak();
    let error = job("200 OK", result).await.wait().await.expect_err("too large");
    assert!(matches!(error, Error::OutOfReach(_)) && !error.is_retryable(), "{error}");
    assert_eq!(error.request_id(), Some("r-1"));
    assert!(error.to_string().contains("is charged") && error.to_string().contains("`max_answer_bytes`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_cancel_that_comes_too_late_says_so_whatever_its_status() {
    for body in [
        r#"{"request_id":"r-1","status":"in_progress","outcome":"not_cancellable"}"#,
        r#"{"error_code":409001,"error":"not_cancellable"}"#,
        r#"{"message":"NOT_CANCELLABLE"}"#,
    ] {
        let outcome = job("409 Conflict", body).await.cancel().await.expect("an outcome");
        assert_eq!(outcome, Cancellation::NotCancellable, "{body}");
    }
    let error = job("404 Not Found", r#"{"error_code":404001}"#).await.cancel().await.expect_err("no such job");
    assert!(error.is_not_found(), "{error}");
}

/// Answers what is asked for the status and the result, as these very bytes, and holds the connection.
async fn job_of_bytes(result: &'static [u8]) -> Job {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.unwrap_or(0);
            let asks_status = String::from_utf8_lossy(&request[..length]).contains("/status ");
            let known = b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: close\r\n\r\n{\"status\":\"completed\"}";
            let _ = stream.write_all(if asks_status { known } else { result }).await;
            // Of some answers the end never comes.
            held.push(stream);
        }
    });
    let client = Client::builder().base_url(base).token("tok-9").build().expect("a client");
    client.untyped_job("r-1").expect("an id")
}

#[tokio::test(start_paused = true)]
async fn a_result_whose_end_alone_is_missing_is_whole() {
    macro_rules! result {
        ($head:literal, $before:literal, $after:literal) => {
            concat!(
                "HTTP/1.1 200 OK\r\n",
                $head,
                "\r\n\r\n",
                $before,
                r#"{"status":"succeeded","output":{"video":"https://h/f.mp4"}}"#,
                $after
            )
            .as_bytes()
        };
    }
    for bytes in [
        result!("Content-Length: 60", "", ""),
        result!("Content-Length: 99", "\u{feff}", "\n"),
        result!("X-Length: none", "", ""),
        result!("Transfer-Encoding: chunked", "3b\r\n", "\r\n"),
        result!("Transfer-Encoding: chunked", "3b\r\n", "\r\n0\r\nno trailer\r\n\r\n"),
        result!("Transfer-Encoding: chunked", "99\r\n", ""),
    ] {
        let ending = job_of_bytes(bytes).await.wait().await.expect("an ending");
        assert!(matches!(ending, Ending::Succeeded(_)), "{:?}: {ending:?}", String::from_utf8_lossy(bytes));
    }
    // What was cut within is none, and neither is what goes on.
    for bytes in [result!("Content-Length: 99", "[", ""), result!("Content-Length: 99", "", ",{")] {
        let error = job_of_bytes(bytes).await.wait().await.expect_err("cut");
        assert!(matches!(error, Error::OutOfReach(_)), "{:?}: {error}", String::from_utf8_lossy(bytes));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_an_encoding_that_nobody_asked_for_says_so() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\0";
    let error = job_of_bytes(bytes).await.wait().await.expect_err("gzip");
    assert!(matches!(error, Error::OutOfReach(_)) && error.to_string().contains("is encoded"), "{error}");
}
