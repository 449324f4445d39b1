//! What the emulator bears, what it assumes where nothing is established, and what its log says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use runcomfy_emulator::{AccountErrors, Emulator, Fault, Faults, Outcome, Route, UnknownModel, Usd, When};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Client, MODEL, TIME, answer, body, builder, emulator};

async fn connect(emulator: &Emulator) -> TcpStream {
    TcpStream::connect(emulator.url().trim_start_matches("http://")).await.expect("listens")
}

async fn said(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said).await;
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_bad_token_is_told_before_the_body_is_read() {
    let emulator = emulator().await;
    let mut stream = connect(&emulator).await;
    let head = format!(
        "POST /v1/models/{MODEL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 60000000\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.expect("connected");
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.expect("an answer, though the body never comes");
    assert_eq!(&start, b"HTTP/1.1 400");
    let account = emulator.account();
    let submission = &account.submissions()[0];
    assert_eq!((submission.outcome, &submission.body), (Outcome::Rejected(400_004), &Value::Null));
}

#[tokio::test]
async fn half_sent_requests_end() {
    let emulator = builder().read_limit(Duration::from_millis(50)).start().await.expect("starts");
    let mut head = connect(&emulator).await;
    head.write_all(b"GET /v1/models HTTP/1.1\r\nHost:").await.expect("connected");
    let mut sent = connect(&emulator).await;
    let request = format!(
        "POST /v1/models/{MODEL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: 100\r\n\r\n{{",
        emulator.token()
    );
    sent.write_all(request.as_bytes()).await.expect("connected");
    assert_eq!(said(&mut head).await, "");
    assert!(said(&mut sent).await.starts_with("HTTP/1.1 408 "));
    assert!(emulator.account().submissions().is_empty(), "what did not arrive is no submission");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait() {
    let emulator = builder().connections(1).start().await.expect("starts");
    let mut first = connect(&emulator).await;
    let mut second = connect(&emulator).await;
    let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    second.write_all(request).await.expect("connected");
    first.write_all(request).await.expect("connected");
    assert!(said(&mut first).await.starts_with("HTTP/1.1 404 "));
    assert!(said(&mut second).await.starts_with("HTTP/1.1 404 "));
    let at: Vec<_> = emulator.requests().iter().map(|request| request.at).collect();
    assert!(at.len() == 2 && at[0] <= at[1]);
}

#[tokio::test]
async fn the_account_keeps_no_large_lists() {
    let schema = json!({"type": "object"});
    let emulator = builder().input_schema(MODEL, schema).start().await.expect("starts");
    let client = Client::new(&emulator);
    let sent =
        json!({"list": vec![0; 100_000], "map": (0..1000).map(|n| (n.to_string(), json!(n))).collect::<Value>()});
    assert_eq!(client.post(&format!("models/{MODEL}"), &sent).await.0, StatusCode::OK);
    let kept = emulator.account().submissions()[0].body.to_string();
    assert!(kept.len() < 10_000 && kept.contains("(99744 more)"), "{}", kept.len());
}

#[tokio::test]
async fn bad_tokens_and_empty_balances_are_answered_as_is_set() {
    for (errors, token, balance) in [
        (AccountErrors::BadRequest, 400, 400),
        (AccountErrors::Unauthorized, 401, 402),
        (AccountErrors::Forbidden, 403, 402),
    ] {
        let emulator = builder().account_errors(errors).balance(Usd::ZERO).open_catalogue(true).start().await;
        let emulator = emulator.expect("starts");
        let client = Client::new(&emulator);
        let base = emulator.base_url();
        let url = format!("{base}/models/{MODEL}");
        let refused = answer(client.http.post(&url).json(&body(1)).send().await.expect("an answer")).await;
        assert_eq!((refused.0.as_u16(), &refused.1["error_code"]), (token, &json!(400_004)));
        let poor = client.post(&format!("models/{MODEL}"), &body(1)).await;
        assert_eq!((poor.0.as_u16(), &poor.1["error_code"]), (balance, &json!(400_002)));
        let open = client.http.get(format!("{base}/models")).send().await.expect("an answer");
        assert_eq!(open.status(), StatusCode::OK, "the catalogue is open");
    }
}

#[tokio::test]
async fn an_unknown_model_is_answered_as_is_set() {
    for (unknown, status, code) in [(UnknownModel::NotFound, 404, 404_001), (UnknownModel::BadIdentifier, 400, 400_001)]
    {
        let emulator = builder().unknown_model(unknown).start().await.expect("starts");
        let client = Client::new(&emulator);
        for (answered, answer) in [client.get("models/no/such").await, client.post("models/no/such", &body(1)).await] {
            assert_eq!((answered.as_u16(), &answer["error_code"]), (status, &json!(code)));
        }
    }
}

#[tokio::test]
async fn a_body_of_too_many_values_is_refused_and_accounted() {
    let emulator = builder().input_schema(MODEL, json!({"type": "object"})).start().await.expect("starts");
    let client = Client::new(&emulator);
    let ones = |count: usize| format!(r#"{{"text": "[{}]", "list": [{}1]}}"#, ",".repeat(1 << 20), "1,".repeat(count));
    for (count, status) in [(400_000, StatusCode::OK), (600_000, StatusCode::PAYLOAD_TOO_LARGE)] {
        let sent = client.request(Method::POST, &format!("models/{MODEL}")).body(ones(count));
        assert_eq!(sent.send().await.expect("an answer").status(), status, "{count}");
    }
    let outcomes: Vec<_> = emulator.account().submissions().iter().map(|submission| submission.outcome).collect();
    assert_eq!(outcomes, [Outcome::InProgress, Outcome::Rejected(413_001)]);
}

#[tokio::test]
async fn a_body_that_is_wrong_everywhere_is_told_a_hundred_times() {
    let schema = json!({"type": "object", "properties": {"list": {"items": {"type": "string"}}}});
    let emulator = builder().input_schema(MODEL, schema).start().await.expect("starts");
    let sent = json!({"list": vec![0; 1000]});
    let (status, answer) = Client::new(&emulator).post(&format!("models/{MODEL}"), &sent).await;
    assert_eq!((status.as_u16(), answer["detail"].as_array().map(Vec::len)), (422, Some(100)));
}

#[tokio::test]
async fn results_without_cost_hold_no_null() {
    let faults = Faults::none().failing_jobs(0.5).late_cost(0.5, TIME);
    let emulator = builder().workers(9).faults(faults).start().await.expect("starts");
    let client = Client::new(&emulator);
    for seed in 0..9 {
        let id = client.submit(seed).await;
        for _ in 0..2 {
            let result = client.get(&format!("requests/{id}/result")).await.1;
            assert!(result.as_object().expect("an object").values().all(|value| !value.is_null()), "{result}");
            emulator.advance(TIME);
        }
    }
}

#[tokio::test]
async fn prices_that_are_set_stand_in_the_catalogue() {
    let emulator = builder().model_price(MODEL, Usd::from_f64(0.0002)).start().await.expect("starts");
    let entry = Client::new(&emulator).get(&format!("models/{MODEL}")).await.1;
    assert_eq!((&entry["base_price_usd"], &entry["price_unit"]), (&json!(0.0002), &json!("output")));
}

#[tokio::test]
async fn models_that_make_audio_answer_with_audio() {
    let root = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
    };
    write("_shared/media-output.json", include_str!("../fixtures/schemas/_shared/media-output.json"));
    // One without an output schema, one with what an earlier sync assumed, and one whose id does not say it.
    let assumed = "output = \"assumed\"\n";
    let said = format!("{assumed}gives = [\"audio\"]\n");
    for (id, output) in [("a/text-to-speech", ""), ("a/text-to-music", assumed), ("a/seed", &said)] {
        write(&format!("{id}/model.toml"), &format!("id = {id:?}\ndisplay_name = \"Sound\"\n{output}"));
        write(&format!("{id}/input.json"), r#"{"type": "object", "properties": {"text": {"type": "string"}}}"#);
    }
    for model in ["a/text-to-music", "a/seed"] {
        write(&format!("{model}/output.json"), include_str!("../fixtures/schemas/_shared/media-output.json"));
    }
    let emulator = Emulator::builder(root.path()).start().await.expect("starts");
    let client = Client::new(&emulator);
    for model in ["a/text-to-speech", "a/text-to-music", "a/seed"] {
        let id = client.post(&format!("models/{model}"), &json!({"text": "x"})).await.1["request_id"].clone();
        emulator.advance(TIME);
        let output = client.result(id.as_str().expect("an id")).await["output"].clone();
        let url = output["audio"].as_str().expect("audio");
        assert!(url.ends_with("/0.wav"), "{output}");
        assert_eq!(client.http.get(url).send().await.expect("an answer").status(), StatusCode::OK);
    }
    assert_eq!(client.get("models/a/text-to-speech").await.1["categories"], json!(["text-to-speech"]));
}

#[tokio::test]
async fn the_log_says_what_was_asked_and_how_it_was_answered() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&lines);
    let emulator = builder()
        .token("a-secret")
        .faults(Faults::none().nth(Route::Submit, 2, Fault::Reset(When::After)))
        .on_request(move |request| told.lock().expect("not poisoned").push(request.to_string()))
        .start()
        .await
        .expect("starts");
    let client = Client::new(&emulator);
    client.submit(1).await;
    let again = client.request(Method::POST, &format!("models/{MODEL}")).json(&body(1)).send().await;
    assert!(again.is_err());
    client.get("models?search=a-secret").await;
    let log = emulator.requests();
    let [first, second, third] = log.as_slice() else { panic!("three, not {log:?}") };
    assert_eq!(first.request, second.request, "equal bodies");
    assert_eq!(first.request.bytes, body(1).to_string().len() as u64);
    assert_eq!((first.status, first.fault), (Some(200), None));
    assert_eq!((second.status, second.fault), (None, Some(Fault::Reset(When::After))));
    assert!(first.answer.bytes > 0 && first.answer.hash != third.answer.hash);
    assert_eq!((third.method.as_str(), third.target.as_str()), ("GET", "/v1/models?search=(token)"));
    let lines = lines.lock().expect("not poisoned").join("\n");
    assert!(lines.contains(&format!("POST /v1/models/{MODEL} 200 in ")) && lines.contains("no answer"), "{lines}");
    assert!(!lines.contains("a-secret"));
}
