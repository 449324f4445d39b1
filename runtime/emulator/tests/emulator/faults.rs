//! Every fault, by name: what the client sees, and what the account knows.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::header::{CONNECTION, LOCATION, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use runcomfy_emulator::{Emulator, Fault, Faults, Outcome, RetryAfter, Route, When};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Client, MODEL, TIME, answer, body, builder};

/// Longer than any test.
const HOUR: Duration = Duration::from_secs(3600);

async fn with(faults: Faults) -> Emulator {
    builder().faults(faults).start().await.expect("starts")
}

/// Submits once, with that fault; gives the answer, if one came, and the emulator.
async fn struck(fault: Fault) -> (Result<reqwest::Response, reqwest::Error>, Emulator) {
    let emulator = with(Faults::none().nth(Route::Submit, 1, fault)).await;
    let client = Client::new(&emulator);
    let answer = client.request(Method::POST, &format!("models/{MODEL}")).json(&body(1)).send().await;
    assert_eq!(emulator.account().submissions()[0].fault, Some(fault));
    drop(client);
    (answer, emulator)
}

/// Outcome and ambiguity of the only submission.
fn only(emulator: &Emulator) -> (Outcome, bool) {
    let account = emulator.account();
    let [submission] = account.submissions() else { panic!("one, not {account:?}") };
    (submission.outcome, submission.ambiguous)
}

/// The innermost error of the operating system.
fn io_kind(error: &reqwest::Error) -> Option<ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

#[tokio::test]
async fn rate_limited_says_when_to_come_back() {
    for (retry_after, seconds) in
        [(RetryAfter::None, None), (RetryAfter::Seconds(7), Some(7)), (RetryAfter::Date(7), Some(7))]
    {
        let (answer, emulator) = struck(Fault::RateLimited(retry_after)).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        let header = answer.headers().get(RETRY_AFTER).map(|value| value.to_str().expect("text").to_owned());
        match retry_after {
            RetryAfter::Date(_) => assert!(header.is_some_and(|date| date.ends_with(" GMT"))),
            _ => assert_eq!(header, seconds.map(|seconds: u32| seconds.to_string())),
        }
        assert_eq!(answer.json::<Value>().await.expect("JSON")["error_code"], 429_001);
        assert_eq!(only(&emulator), (Outcome::Dropped, false));
    }
}

#[tokio::test]
async fn status_500_502_503_before_and_after_the_request_took_effect() {
    for status in [500, 502, 503] {
        for (when, outcome) in [(When::Before, Outcome::Dropped), (When::After, Outcome::InProgress)] {
            let (answer, emulator) = struck(Fault::Status(status, when)).await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status().as_u16(), status);
            let text = answer.text().await.expect("text");
            assert_eq!(text.starts_with('<'), status > 500, "{text}");
            assert_eq!(only(&emulator), (outcome, true));
        }
    }
}

#[tokio::test]
async fn reset_before_and_after_the_request_took_effect() {
    for (when, outcome) in [(When::Before, Outcome::Dropped), (When::After, Outcome::InProgress)] {
        let (answer, emulator) = struck(Fault::Reset(when)).await;
        let error = answer.expect_err("no answer");
        assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionReset), "{error:?}");
        assert_eq!(only(&emulator), (outcome, true));
    }
}

#[tokio::test]
async fn refused_answers_and_then_refuses_connections() {
    let emulator = with(Faults::none().nth(Route::Submit, 1, Fault::Refused(HOUR))).await;
    let client = Client::new(&emulator);
    let first = client.request(Method::POST, &format!("models/{MODEL}")).json(&body(1)).send().await;
    let first = first.expect("an answer");
    assert_eq!((first.status(), &first.headers()[CONNECTION]), (StatusCode::OK, &"close".parse().expect("a value")));
    let error = client.request(Method::GET, "models").send().await.expect_err("nobody listens");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused), "{error:?}");
    assert_eq!(only(&emulator), (Outcome::InProgress, false));
}

#[tokio::test]
async fn refused_files_leave_the_api_alone() {
    let emulator = with(Faults::none().nth(Route::File, 1, Fault::Refused(HOUR))).await;
    let client = Client::new(&emulator);
    let url = format!("{}/files/none/0.mp4", emulator.files_url());
    assert_eq!(client.http.get(&url).send().await.expect("an answer").status(), StatusCode::NOT_FOUND);
    let error = client.http.get(&url).send().await.expect_err("nobody listens");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused), "{error:?}");
    assert_eq!(client.get("models").await.0, StatusCode::OK);
}

#[tokio::test]
async fn refused_for_a_while_comes_back_by_itself() {
    let emulator = with(Faults::none().nth(Route::Models, 1, Fault::Refused(Duration::from_millis(20)))).await;
    let client = Client::new(&emulator);
    assert_eq!(client.get("models").await.0, StatusCode::OK);
    while let Err(error) = client.request(Method::GET, "models").send().await {
        assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused), "{error:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn refused_at_start_and_on_demand() {
    let emulator = with(Faults::none().refused_at_start(HOUR)).await;
    let client = Client::new(&emulator);
    let error = client.request(Method::GET, "models").send().await.expect_err("refused at the start");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused), "{error:?}");
    emulator.refuse_connections(false).await;
    assert_eq!(client.get("models").await.0, StatusCode::OK);
    let mut open = TcpStream::connect(emulator.url().trim_start_matches("http://")).await.expect("listens");
    emulator.refuse_connections(true).await;
    open.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.expect("open");
    let mut answer = String::new();
    open.read_to_string(&mut answer).await.expect("connections that are open stay open");
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    let error = Client::new(&emulator).request(Method::GET, "models").send().await.expect_err("refused on demand");
    assert_eq!(io_kind(&error), Some(ErrorKind::ConnectionRefused), "{error:?}");
}

#[tokio::test]
async fn slow_body_comes_whole() {
    let (answer, emulator) = struck(Fault::SlowBody(Duration::from_millis(50))).await;
    let answer = answer.expect("an answer").json::<Value>().await.expect("JSON");
    assert!(answer["request_id"].is_string());
    assert_eq!(only(&emulator), (Outcome::InProgress, false));
}

#[tokio::test]
async fn slow_body_is_ambiguous_for_who_hangs_up() {
    let (answer, emulator) = struck(Fault::SlowBody(HOUR)).await;
    assert_eq!(only(&emulator), (Outcome::InProgress, false));
    drop(answer.expect("the head comes at once"));
    while emulator.account().ambiguous_faults() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(only(&emulator), (Outcome::InProgress, true));
}

#[tokio::test]
async fn cut_body_ends_in_the_middle() {
    let (answer, emulator) = struck(Fault::CutBody).await;
    let mut answer = answer.expect("the head comes");
    let (announced, mut came) = (answer.content_length().expect("a length"), 0);
    let cut = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => came += chunk.len() as u64,
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(cut && came > 0 && came < announced, "{came} of {announced}");
    assert_eq!(only(&emulator), (Outcome::InProgress, true));
}

#[tokio::test]
async fn broken_json_is_whole_http() {
    let (answer, emulator) = struck(Fault::BrokenJson).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.expect("whole");
    assert!(text.contains("request_id") && serde_json::from_str::<Value>(&text).is_err(), "{text}");
    assert_eq!(only(&emulator), (Outcome::InProgress, true));
}

#[tokio::test]
async fn error_body_comes_with_http_200() {
    for (code, ambiguous) in [(400_002, false), (10_001, false), (500_001, true)] {
        let (answer, emulator) = struck(Fault::ErrorBody(code)).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.json::<Value>().await.expect("JSON")["error_code"], code);
        assert_eq!(only(&emulator), (Outcome::Dropped, ambiguous));
    }
}

#[tokio::test]
async fn unknown_status_is_for_live_jobs_only() {
    let faults =
        Faults::none().rate(Route::Status, Fault::UnknownStatus, 1.0).rate(Route::Result, Fault::UnknownStatus, 1.0);
    let emulator = with(faults).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    assert_eq!(client.status(&id).await["status"], "warming_up");
    assert_eq!(client.result(&id).await["status"], "warming_up");
    emulator.advance(TIME);
    assert_eq!(client.status(&id).await["status"], "completed");
    assert_eq!(client.result(&id).await["status"], "succeeded");
}

#[tokio::test]
async fn unknown_fields_beside_the_known_ones() {
    let mut faults = Faults::none();
    for route in Route::ALL {
        faults = faults.rate(route, Fault::UnknownFields, 1.0);
    }
    let emulator = with(faults).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let result = client.result(&id).await;
    assert!(result["x_unknown"].is_object() && result["output"]["x_unknown"].is_object(), "{result}");
    for path in ["models", "models/categories", &format!("models/{MODEL}"), &format!("requests/{id}/status")] {
        assert!(client.get(path).await.1["x_unknown"].is_object(), "{path}");
    }
    assert!(client.cancel(&id).await["x_unknown"].is_object());
    let file = client.http.get(result["output"]["video"].as_str().expect("a URL")).send().await.expect("an answer");
    assert_eq!(file.status(), StatusCode::OK, "files have no fields");
}

#[tokio::test]
async fn redirect_leads_to_another_host_that_notes_tokens() {
    let emulator = with(Faults::none().rate(Route::Submit, Fault::Redirect, 1.0)).await;
    let client = Client::new(&emulator);
    let path = format!("models/{MODEL}");
    let answer = client.request(Method::POST, &path).json(&body(1)).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    let location = answer.headers()[LOCATION].to_str().expect("text").to_owned();
    assert_eq!(location, format!("{}/v1/{path}", emulator.files_url()));
    assert_eq!(only(&emulator), (Outcome::Dropped, true));
    // A client that follows with its token is caught.
    client.http.post(location).bearer_auth(emulator.token()).send().await.expect("an answer");
    let visits = emulator.visits();
    assert_eq!((visits[0].method.as_str(), visits[0].carried_token), ("POST", true));
}

#[tokio::test]
async fn redirect_of_a_file_leads_to_the_same_file_by_another_name() {
    let emulator = with(Faults::none().nth(Route::File, 1, Fault::Redirect)).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let url = client.result(&id).await["output"]["video"].as_str().expect("a URL").to_owned();
    let answer = client.http.get(&url).send().await.expect("an answer");
    assert_eq!(answer.headers()[LOCATION], url.replace("127.0.0.1", "localhost"));
}

#[tokio::test]
async fn completed_jobs_whose_result_failed() {
    let emulator = builder().faults(Faults::none().failing_jobs(1.0)).balance(runcomfy_emulator::Usd::from_f64(0.05));
    let emulator = emulator.start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    assert_eq!(client.status(&id).await["status"], "completed");
    let result = client.result(&id).await;
    assert_eq!((&result["status"], &result["output"], &result["cost"]), (&json!("failed"), &Value::Null, &json!(0.0)));
    assert!(result["error"].is_string());
    assert_eq!(only(&emulator).0, Outcome::Failed);
    client.submit(2).await; // The first was not paid for.
}

#[tokio::test]
async fn late_cost_is_null_until_it_is_known() {
    let emulator = with(Faults::none().late_cost(1.0, TIME)).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let result = client.result(&id).await;
    assert_eq!((&result["status"], &result["cost"]), (&json!("succeeded"), &Value::Null));
    emulator.advance(TIME);
    assert_eq!(client.result(&id).await["cost"], 0.05);
}

#[tokio::test]
async fn every_route_can_be_struck() {
    let mut faults = Faults::none();
    for route in Route::ALL.into_iter().filter(|route| *route != Route::Submit) {
        faults = faults.nth(route, 1, Fault::Status(503, When::Before));
    }
    let emulator = with(faults).await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    let base = emulator.base_url();
    let urls = [
        (Method::GET, format!("{base}/requests/{id}/status")),
        (Method::GET, format!("{base}/requests/{id}/result")),
        (Method::POST, format!("{base}/requests/{id}/cancel")),
        (Method::GET, format!("{base}/models")),
        (Method::GET, format!("{base}/models/{MODEL}")),
        (Method::GET, format!("{}/files/{id}/0.mp4", emulator.files_url())),
    ];
    for (method, url) in urls {
        let request = client.http.request(method, &url).bearer_auth(emulator.token());
        assert_eq!(request.send().await.expect("an answer").status(), StatusCode::SERVICE_UNAVAILABLE, "{url}");
    }
}

#[tokio::test]
async fn faults_can_be_changed_while_it_runs() {
    let emulator = with(Faults::none()).await;
    let client = Client::new(&emulator);
    assert_eq!(client.get("models").await.0, StatusCode::OK);
    emulator.set_faults(Faults::none().nth(Route::Models, 1, Fault::ErrorBody(500_001))).expect("good");
    assert_eq!(client.get("models").await.1["error_code"], 500_001);
    assert_eq!(client.get("models").await.1["total"], 1);
}

#[tokio::test]
async fn faults_that_make_no_sense_are_refused() {
    let bad = [
        (Faults::none().failing_jobs(1.5), "from 0 to 1"),
        (Faults::none().rate(Route::Submit, Fault::CutBody, 0.6).rate(Route::Submit, Fault::Redirect, 0.6), "add up"),
        (Faults::none().nth(Route::Submit, 1, Fault::Status(42, When::Before)), "42"),
    ];
    let emulator = with(Faults::none()).await;
    for (faults, why) in bad {
        let error = emulator.set_faults(faults).expect_err("refused");
        assert!(error.to_string().contains(why), "{error}");
    }
}

/// What became of each of 40 submits, sent in that order.
async fn run(seeds: impl Iterator<Item = u32>) -> Vec<(u32, u16, Option<Fault>, Option<String>)> {
    let emulator = builder().seed(7).faults(Faults::heavy().refused_at_start(Duration::ZERO)).start().await;
    let emulator = emulator.expect("starts");
    let mut outcomes = Vec::new();
    for seed in seeds {
        let client = Client::new(&emulator);
        let sent = client.request(Method::POST, &format!("models/{MODEL}")).json(&body(seed)).send().await;
        let status = sent.map(|answer| answer.status().as_u16()).unwrap_or_default();
        let account = emulator.account();
        let submission = account.submissions().last().expect("noted");
        outcomes.push((seed, status, submission.fault, submission.request_id.clone()));
    }
    outcomes.sort_by_key(|(seed, ..)| *seed);
    outcomes
}

#[tokio::test]
async fn a_seed_repeats_a_run_whatever_the_order() {
    let there = run(0..40).await;
    assert_eq!(there, run((0..40).rev()).await);
    assert!(there.iter().any(|(_, _, fault, _)| fault.is_some()));
}

#[tokio::test]
async fn nothing_is_lost_or_paid_twice_under_heavy_faults() {
    let emulator = builder().seed(7).faults(Faults::heavy()).workers(50).start().await.expect("starts");
    emulator.refuse_connections(false).await;
    let client = Client::new(&emulator);
    let (mut known, mut unknown) = (Vec::new(), 0);
    for seed in 0..300 {
        // A careful client: sends again only after a 429, believes nothing but a whole answer with an id.
        loop {
            let sent = client.request(Method::POST, &format!("models/{MODEL}")).json(&body(seed)).send().await;
            let Ok(sent) = sent else { break unknown += 1 };
            if sent.status() == StatusCode::TOO_MANY_REQUESTS {
                continue;
            }
            let answer = sent.json::<Value>().await.unwrap_or_default();
            match answer["request_id"].as_str() {
                Some(id) => break known.push((seed, id.to_owned())),
                None => break unknown += 1,
            }
        }
    }
    let account = emulator.account();
    assert_eq!(known.len() + unknown, 300);
    assert_eq!(unknown, account.ambiguous_faults());
    assert_eq!(account.lost(known.iter().map(|(seed, _)| json!(seed))), Vec::<Value>::new());
    assert_eq!(account.paid_twice(), Vec::<Value>::new());
    for (seed, id) in &known {
        let of_seed: Vec<_> = account.of(&json!(seed)).filter_map(|submission| submission.request_id.clone()).collect();
        assert_eq!(&of_seed, std::slice::from_ref(id));
    }
}

#[tokio::test]
async fn invalid_bodies_are_not_ambiguous() {
    let emulator = with(Faults::none()).await;
    let client = Client::new(&emulator);
    let request = client.request(Method::POST, &format!("models/{MODEL}")).json(&json!({}));
    assert_eq!(answer(request.send().await.expect("an answer")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(only(&emulator), (Outcome::Rejected(422_001), false));
}
