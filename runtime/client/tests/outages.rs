//! Outages while a job is followed: a wait sits them out to the end of its limit, asks once more then, and says what it heard. Time
//! is tokio's, paused, but for what a clock that stands still would hide.

#![cfg(feature = "http")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use runcomfy_client::{Client, ClientBuilder, Ending, Error, FixedPolling, Job, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

/// What the server does with a question.
#[derive(Clone, Copy)]
enum Does {
    Answers(&'static str, &'static str),
    /// Promises more than it sends, and closes.
    Cuts(&'static str),
    Hangs,
    /// Asks for a pause of so many seconds.
    Busy(&'static str),
}

const DONE: Does = Does::Answers("200 OK", r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"}}"#);
const DOWN: Does = Does::Answers("503 Service Unavailable", "down");

const RUNS: Does = Does::Answers("200 OK", r#"{"status":"in_progress"}"#);

/// The job, and when each question about it came, in seconds since the start.
struct Site {
    client: Client,
    job: Job,
    asked: Arc<Mutex<Vec<f64>>>,
}

/// A job at a server that does this, by the time since its start and whether the status is asked for.
async fn site(
    does: impl Fn(f64, bool) -> Does + Send + Sync + 'static,
    settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (begun, does, asked) = (Instant::now(), Arc::new(does), Arc::<Mutex<Vec<f64>>>::default());
    let noted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (does, noted) = (Arc::clone(&does), Arc::clone(&noted));
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                    let mut part = [0; 1024];
                    match stream.read(&mut part).await {
                        Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
                        _ => return,
                    }
                }
                let now = begun.elapsed().as_secs_f64();
                noted.lock().unwrap_or_else(PoisonError::into_inner).push(now);
                let mut pause = String::new();
                let (status, body, missing) = match does(now, String::from_utf8_lossy(&request).contains("/status ")) {
                    Does::Answers(status, body) => (status, body, 0),
                    Does::Cuts(body) => ("200 OK", body, 1),
                    Does::Hangs => return std::future::pending().await,
                    Does::Busy(seconds) => {
                        pause = format!("Retry-After: {seconds}\r\n");
                        ("503 Service Unavailable", "busy", 0)
                    }
                };
                let length = body.len() + missing;
                let head = format!("HTTP/1.1 {status}\r\n{pause}Content-Length: {length}\r\nConnection: close\r\n\r\n");
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            });
        }
    });
    let client = settings(Client::builder().base_url(base).token("tok-9")).build().expect("a client");
    Site { job: client.untyped_job("r-1").expect("an id"), client, asked }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// The status of a job that has ended, while the server is up.
const COMPLETED: Does = Does::Answers("200 OK", r#"{"status":"completed"}"#);

#[tokio::test(start_paused = true)]
async fn a_server_that_is_back_within_the_limit_is_asked() {
    for is_down in [DOWN, Does::Hangs] {
        for retry in [RetryPolicy::never(), RetryPolicy::default()] {
            for back in [1.0, 3.0, 4.5, 5.0, 5.9] {
                let does = move |now: f64, is_status| match () {
                    () if now < back => is_down,
                    () if is_status => COMPLETED,
                    () => DONE,
                };
                let settings = |client: ClientBuilder| {
                    client.outage_limit(seconds(6)).poll(FixedPolling(seconds(4))).retry(retry.clone())
                };
                let site = site(does, settings).await;
                let ending = site.job.wait().await;
                assert!(matches!(&ending, Ok(Ending::Succeeded(_))), "back after {back} s: {ending:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_but_the_word_of_the_api_ends_a_wait() {
    for body in ["<html>no</html>", "", "{}", "null", "no", "7", r#""ok""#, "[]", r#"{"message":"no"}"#] {
        for status in ["200", "204", "205", "299", "302", "304", "400", "401", "403", "404", "410", "418", "451", "600"]
        {
            let head: &str = format!("{status} Odd").leak();
            let does = move |now: f64, is_status| match () {
                () if now < 3.0 => Does::Answers(head, body),
                () if is_status => COMPLETED,
                () => DONE,
            };
            let ending = site(does, |client| client).await.job.wait().await;
            assert!(matches!(&ending, Ok(Ending::Succeeded(_))), "{status} {body}: {ending:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_that_comes_within_the_limit_is_asked_for() {
    for missing in [
        Does::Answers("404 Not Found", "<html>no</html>"),
        Does::Answers("404 Not Found", r#"{"error_code":404001}"#),
        DOWN,
    ] {
        for there in [20.0, 40.0, 57.0, 59.5] {
            let does = move |now: f64, is_status| match () {
                () if is_status => COMPLETED,
                () if now < there => missing,
                () => DONE,
            };
            let settings = |client: ClientBuilder| client.outage_limit(seconds(60)).poll(FixedPolling(seconds(25)));
            let site = site(does, settings).await;
            let ending = site.job.wait().await;
            assert!(matches!(&ending, Ok(Ending::Succeeded(_))), "there after {there} s: {ending:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_gives_up_has_asked_at_the_end_and_is_bounded() {
    for (is_down, poll) in [(DOWN, 4), (DOWN, 200), (Does::Hangs, 4), (Does::Hangs, 200)] {
        for limit in [1, 6, 60] {
            let settings =
                |client: ClientBuilder| client.outage_limit(seconds(limit)).poll(FixedPolling(seconds(poll)));
            let site = site(move |_, _| is_down, settings).await;
            let begun = Instant::now();
            let error = site.job.wait().await.expect_err("down for ever");
            assert!(error.is_retryable(), "{error}");
            let last = *site.asked.lock().expect("asked").last().expect("a question");
            assert!((limit as f64..limit as f64 + 0.5).contains(&last), "the last of {limit} s: {last}");
            assert!(begun.elapsed() <= seconds(limit + 11), "{limit}: {:?}", begun.elapsed());
        }
    }
}

/// By the true clock, which goes on between any two readings.
#[tokio::test]
async fn a_wait_gives_up_though_the_clock_never_stands_still() {
    let site = site(|_, _| DOWN, |client| client.outage_limit(seconds(1))).await;
    let ending = timeout(seconds(60), site.job.wait()).await.expect("the wait ends");
    assert!(matches!(ending, Err(Error::Api(_))), "{ending:?}");
    let asked = site.asked.lock().expect("asked").len();
    assert!(asked <= 8, "asked {asked} times");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_ends_asks_no_sooner_than_the_server_allows() {
    for (pause, asked) in [("90", 1), ("2", 2)] {
        let does = move |now, _| if now < 1.0 { Does::Busy(pause) } else { RUNS };
        let site = site(does, |client| client.retry(RetryPolicy::never())).await;
        let ending = site.job.wait_timeout(seconds(4)).await.expect("no end");
        assert!(matches!(ending, Ending::StillRunning(_)), "{ending:?}");
        let times = site.asked.lock().expect("asked").clone();
        assert!(times.len() >= asked && times.iter().skip(1).all(|time| *time >= 2.0), "{pause}: {times:?}");
        assert!(pause != "90" || times.len() == 1, "{times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_reason_of_a_wait_that_gives_up_is_what_the_server_said() {
    let odd = r#"{"payload":{"output":{"video":"https://h/a.mp4"}}}"#;
    let other = r#"{"request_id":"r-2","status":"succeeded","output":{"video":"https://h/a.mp4"}}"#;
    let cut = r#"{"status":"succeeded","output":{"video":"https://h/a.mp4"#;
    for (does, status, body) in [
        (DOWN, 503, "down"),
        (Does::Answers("404 Not Found", "<html>no</html>"), 404, "<html>no</html>"),
        (Does::Answers("200 OK", odd), 200, odd),
        (Does::Answers("200 OK", other), 200, other),
        (Does::Answers("200 OK", cut), 200, cut),
        (Does::Cuts(cut), 200, cut),
    ] {
        // Answered so all the time, or so at first and not at all later.
        for until in [3600.0, 30.0] {
            let answers = move |now, is_status| match () {
                () if is_status => COMPLETED,
                () if now < until => does,
                () => Does::Hangs,
            };
            let limited = |client: ClientBuilder| client.outage_limit(seconds(60));
            let error = site(answers, limited).await.job.wait().await.expect_err(body);
            assert!(matches!(&error, Error::OutOfReach(_)), "{error}");
            assert_eq!((error.http_status(), error.body()), (Some(status), Some(body)), "{error}");
        }
    }
    let silent = |_, is_status| if is_status { COMPLETED } else { Does::Hangs };
    let error = site(silent, |client| client).await.job.wait().await.expect_err("silence");
    assert!(error.http_status().is_none() && error.to_string().contains("no answer in time"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_outlives_its_wait_stands_in_nobodys_way() {
    // A question for the status, and one for the result.
    for hangs_at_status in [true, false] {
        let does = move |now, is_status| match () {
            () if is_status == hangs_at_status && now < 1.0 => Does::Hangs,
            () if is_status => COMPLETED,
            () => Does::Answers("200 OK", r#"{"request_id":"r-1","status":"in_queue"}"#),
        };
        let site = site(does, |client| client.max_concurrent_requests(1)).await;
        let ending = site.job.wait_timeout(Duration::from_millis(300)).await.expect("an ending");
        assert!(!ending.is_over(), "{ending:?}");
        tokio::time::sleep(seconds(1)).await;
        let begun = Instant::now();
        site.client.submit_json("a/model", &serde_json::json!({})).await.expect("accepted");
        assert!(begun.elapsed() < seconds(1), "its turn is free: {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_waits_for_its_turn_is_no_outage() {
    // A question for the status, and one for the result; a server that answers when it is asked at last, and one that does not.
    for (is_first, is_back) in [(true, true), (true, false), (false, true), (false, false)] {
        let does = move |now: f64, is_status| match () {
            () if is_status && !is_first => COMPLETED,
            () if now < 20.0 || !is_back => Does::Hangs,
            () if is_status => COMPLETED,
            () => DONE,
        };
        let settings = |client: ClientBuilder| {
            client.max_concurrent_requests(1).outage_limit(seconds(60)).request_timeout(seconds(600))
        };
        let site = site(does, settings).await;
        if !is_first {
            site.job.status().await.expect("a status");
        }
        let other = site.client.untyped_job("r-2").expect("an id");
        let other = tokio::spawn(async move { timeout(seconds(200), other.result()).await.is_err() });
        tokio::task::yield_now().await;
        let (begun, before) = (Instant::now(), site.asked.lock().expect("asked").len());
        // A limit of the wait itself holds all the same.
        let ending = site.job.wait_timeout(seconds(100)).await.expect("no error");
        assert!(matches!(ending, Ending::StillRunning(_)) && begun.elapsed() <= seconds(100), "{ending:?}");
        let ending = site.job.wait().await;
        assert!(other.await.expect("no panic"), "it had the turn");
        let took = begun.elapsed();
        let asked = site.asked.lock().expect("asked")[before..].to_vec();
        assert!(asked.len() > 1 && asked[1] >= 200.0, "{asked:?}");
        match ending {
            Ok(Ending::Succeeded(_)) => assert!(is_back && took < seconds(201), "{took:?}"),
            Err(Error::Transport(_) | Error::OutOfReach(_)) => {
                assert!(!is_back && (seconds(260)..seconds(272)).contains(&took), "{took:?}");
            }
            ending => panic!("{is_first} {is_back}: {ending:?}"),
        }
    }
}
