//! The queue endpoints and the documented codes.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use runcomfy_emulator::{Outcome, Usd};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Client, MODEL, TIME, answer, body, builder, emulator};

fn second() -> Duration {
    Duration::from_secs(1)
}

#[tokio::test]
async fn a_job_goes_from_the_queue_to_its_result() {
    let emulator = builder().workers(1).start().await.expect("starts");
    let client = Client::new(&emulator);
    let (_, submitted) = client.post(&format!("models/{MODEL}"), &body(1)).await;
    let id = submitted["request_id"].as_str().expect("an id");
    for what in ["status", "result", "cancel"] {
        let url = format!("{}/requests/{id}/{what}", emulator.base_url());
        assert_eq!(submitted[format!("{what}_url")], url);
    }
    let waiting = client.submit(2).await;

    assert_eq!(client.status(id).await["status"], "in_progress");
    let status = client.status(&waiting).await;
    assert_eq!((&status["status"], &status["queue_position"]), (&json!("in_queue"), &json!(0)));
    let early = client.result(&waiting).await;
    assert_eq!((&early["status"], &early["output"], &early["cost"]), (&json!("in_queue"), &Value::Null, &Value::Null));

    emulator.advance(TIME);
    assert_eq!(client.status(id).await["status"], "completed");
    assert!(client.status(id).await.get("queue_position").is_none());
    let result = client.result(id).await;
    assert_eq!(result["status"], "succeeded");
    assert_eq!(result["cost"], 0.05);
    assert!(result["output"]["video"].as_str().is_some_and(|url| url.ends_with("/0.mp4")), "{result}");
    assert!(result["created_at"].as_str() < result["finished_at"].as_str(), "{result}");
    assert_eq!(client.status(&waiting).await["status"], "in_progress", "the worker is free for the next");
}

#[tokio::test]
async fn without_include_cost_there_is_no_cost() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    assert!(client.get(&format!("requests/{id}/result")).await.1.get("cost").is_none());
}

#[tokio::test]
async fn only_what_waits_is_cancelled_and_only_once() {
    let emulator = builder().workers(1).balance(Usd::from_f64(0.15)).start().await.expect("starts");
    let client = Client::new(&emulator);
    let (running, waiting, behind) = (client.submit(1).await, client.submit(2).await, client.submit(3).await);
    assert_eq!(client.status(&behind).await["queue_position"], 1);
    let outcomes = [
        (&running, "not_cancellable", "in_progress"),
        (&waiting, "cancelled", "completed"),
        (&waiting, "not_cancellable", "cancelled"),
    ];
    for (id, outcome, status) in outcomes {
        let answer = client.cancel(id).await;
        assert_eq!((&answer["outcome"], &answer["status"]), (&json!(outcome), &json!(status)));
    }
    assert_eq!(client.status(&behind).await["queue_position"], 0);
    assert_eq!(client.result(&waiting).await["status"], "cancelled");
    client.submit(4).await; // The money of the cancelled job is there again.
    emulator.advance(TIME * 9);
    assert_eq!(client.cancel(&running).await["outcome"], "not_cancellable");
    let outcomes: Vec<_> = emulator.account().submissions().iter().map(|submission| submission.outcome).collect();
    assert_eq!(outcomes, [Outcome::Succeeded, Outcome::Cancelled, Outcome::Succeeded, Outcome::Succeeded]);
    assert_eq!(emulator.account().spent(), Usd::from_f64(0.15));
}

#[tokio::test]
async fn a_result_expires() {
    let emulator = builder().retention(TIME).start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME + TIME / 2);
    let file = client.result(&id).await["output"]["video"].as_str().expect("a URL").to_owned();
    emulator.advance(TIME);
    for path in ["status", "result"] {
        let (status, error) = client.get(&format!("requests/{id}/{path}")).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::NOT_FOUND, &json!(404_001)));
    }
    assert_eq!(client.cancel(&id).await["error_code"], 404_001);
    assert_eq!(client.http.get(file).send().await.expect("an answer").status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn model_times_and_prices() {
    let builder = builder().model_time(MODEL, second()).model_price(MODEL, Usd::from_micros(1_234_567));
    let emulator = builder.start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(second());
    assert_eq!(client.result(&id).await["cost"], 1.234_567);
}

#[tokio::test]
async fn code_400001_for_ids_that_cannot_be() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let too_long = "a".repeat(129);
    for id in ["a.b", "ä", &too_long] {
        let (status, error) = client.get(&format!("requests/{id}/status")).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::BAD_REQUEST, &json!(400_001)), "{id}");
    }
    for id in ["a/b%20c", "a//b", "a/%FF"] {
        assert_eq!(client.post(&format!("models/{id}"), &body(1)).await.1["error_code"], 400_001, "{id}");
    }
    assert_eq!(client.get("requests/%FF/result").await.1["error_code"], 400_001);
}

#[tokio::test]
async fn code_400002_when_the_balance_is_exhausted() {
    let emulator = builder().balance(Usd::from_f64(0.09)).start().await.expect("starts");
    let client = Client::new(&emulator);
    client.submit(1).await;
    let (status, error) = client.post(&format!("models/{MODEL}"), &body(2)).await;
    assert_eq!((status, &error["error_code"]), (StatusCode::BAD_REQUEST, &json!(400_002)));
    let message = error["error_message"].as_str().expect("a message");
    assert!(message.starts_with("InsufficientResources: ") && message.contains("$0.040000"), "{message}");
    assert_eq!(emulator.account().submissions()[1].outcome, Outcome::Rejected(400_002));
}

#[tokio::test]
async fn code_400004_without_the_token() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let url = format!("{}/models/{MODEL}", emulator.base_url());
    for request in [client.http.post(&url), client.http.post(&url).bearer_auth("wrong"), client.http.get(&url)] {
        let (status, error) = answer(request.json(&body(1)).send().await.expect("an answer")).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::BAD_REQUEST, &json!(400_004)));
    }
    let outcomes: Vec<_> = emulator.account().submissions().iter().map(|submission| submission.outcome).collect();
    assert_eq!(outcomes, [Outcome::Rejected(400_004); 2]);
}

#[tokio::test]
async fn debug_texts_hide_the_token() {
    let builder = builder().token("a-secret");
    assert!(!format!("{builder:?}").contains("a-secret"));
    let emulator = builder.start().await.expect("starts");
    let shown = format!("{emulator:?}");
    assert!(shown.contains(emulator.url()) && !shown.contains("a-secret"), "{shown}");
}

#[tokio::test]
async fn code_403001_for_denied_models() {
    let emulator = builder().deny(MODEL).start().await.expect("starts");
    let (status, error) = Client::new(&emulator).post(&format!("models/{MODEL}"), &body(1)).await;
    assert_eq!((status, &error["error_code"]), (StatusCode::FORBIDDEN, &json!(403_001)));
}

#[tokio::test]
async fn code_404001_for_what_is_not_there() {
    let emulator = builder().unlist(MODEL).start().await.expect("starts");
    let client = Client::new(&emulator);
    let model = format!("models/{MODEL}");
    for path in [model.as_str(), "requests/emulated-0/status", "requests/emulated-0/result", "nothing/here"] {
        let (status, error) = client.get(path).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::NOT_FOUND, &json!(404_001)), "{path}");
    }
    assert_eq!(client.post(&model, &body(1)).await.1["error_code"], 404_001);
    assert_eq!(client.cancel("emulated-0").await["error_code"], 404_001);
}

#[tokio::test]
async fn code_405001_for_other_methods() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let (status, error) = answer(client.request(Method::PUT, "models").send().await.expect("an answer")).await;
    assert_eq!((status, &error["error_code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!(405_001)));
}

#[tokio::test]
async fn code_413001_for_bodies_above_64_mib() {
    let emulator = emulator().await;
    let address = emulator.url().strip_prefix("http://").expect("an origin");
    let mut stream = TcpStream::connect(address).await.expect("listens");
    // By hand, because the body is announced and never sent.
    let head = format!(
        "POST /v1/models/{MODEL} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        emulator.token(),
        (64 << 20) + 1
    );
    stream.write_all(head.as_bytes()).await.expect("connected");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"error_code\":413001"), "{answer}");
}

#[tokio::test]
async fn code_422001_names_every_field_and_repeats_no_value() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let secret = format!("data:image/png;base64,{}", "QUJD".repeat(100));
    let wrong = json!({"56_text": 5, "47_value": secret, "38_value": 99});
    let (status, error) = client.post(&format!("models/{MODEL}"), &wrong).await;
    assert_eq!((status, &error["error_code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(422_001)));
    let found: Vec<_> =
        error["detail"].as_array().expect("a list").iter().map(|entry| (&entry["path"], &entry["rule"])).collect();
    for wanted in [("/56_text", "type"), ("/47_value", "type"), ("/38_value", "maximum"), ("", "required")] {
        assert!(found.iter().any(|(path, rule)| **path == wanted.0 && **rule == wanted.1), "{wanted:?} {error}");
    }
    assert!(!error.to_string().contains("QUJD"), "{error}");
}

#[tokio::test]
async fn code_422001_for_bodies_that_are_no_objects() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    for text in ["", "{", "[]", "null", "\"text\""] {
        let request = client.request(Method::POST, &format!("models/{MODEL}")).body(text);
        let (status, error) = answer(request.send().await.expect("an answer")).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(422_001)), "{text}");
    }
}

#[tokio::test]
async fn images_are_https_urls_or_data_and_nothing_is_fetched() {
    let schema = json!({"type": "object", "properties": {
        "image": {"type": "string", "format": "image_uri"},
        "images": {"type": "array", "format": "image_uris"}}});
    let emulator = builder().input_schema(MODEL, schema).start().await.expect("starts");
    let client = Client::new(&emulator);
    let cases = [
        ("https://no.such.host.example/a.png", 200),
        ("data:image/png;base64,iVBORw0KGgo=", 200),
        ("Runcomfy_Example_1290_1.png", 200),
        ("http://127.0.0.1:9/a.png", 200),
        ("http://example.com/a.png", 422),
        ("file:///etc/passwd", 422),
        ("data:video/mp4;base64,AAAA", 422),
        ("data:image/png,AAAA", 422),
        ("a lone figure. At golden hour", 422),
    ];
    for (image, status) in cases {
        for body in [json!({"image": image}), json!({"images": [image]})] {
            assert_eq!(client.post(&format!("models/{MODEL}"), &body).await.0, status, "{body}");
        }
    }
}

#[tokio::test]
async fn the_account_holds_what_was_sent() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let id = client.submit(7).await;
    let account = emulator.account();
    let [submission] = account.submissions() else { panic!("one, not {account:?}") };
    assert_eq!(submission.request_id.as_deref(), Some(id.as_str()));
    assert_eq!((submission.model_id.as_str(), &submission.body), (MODEL, &body(7)));
    assert_eq!(submission.marker, Some(json!(7)));
    assert_eq!(account.lost([json!(7), json!(8)]), [json!(8)]);
    client.submit(7).await;
    assert_eq!(emulator.account().paid_twice(), [json!(7)]);
}
