//! A plain client for the emulator under test, and the model of the fixtures that most tests use.

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use runcomfy_emulator::{Builder, Emulator};
use serde_json::{Value, json};

pub(crate) const MODEL: &str = "community/wan-2-2/vace-fun";

/// How long a job of [`emulator`] takes, in emulated time.
pub(crate) const TIME: std::time::Duration = std::time::Duration::from_secs(60);

pub(crate) fn builder() -> Builder {
    Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schemas")).processing_time(TIME)
}

pub(crate) async fn emulator() -> Emulator {
    builder().start().await.expect("a good schema folder")
}

/// A body that the model takes; the seed tells jobs apart.
pub(crate) fn body(seed: u32) -> Value {
    json!({"56_text": "a lone figure", "118_image": "https://example.com/a.png", "98_seed": seed})
}

/// One client for one test; it follows no redirect.
pub(crate) struct Client<'e> {
    pub(crate) http: reqwest::Client,
    emulator: &'e Emulator,
}

impl<'e> Client<'e> {
    pub(crate) fn new(emulator: &'e Emulator) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Self { http: http.expect("a client"), emulator }
    }

    /// A request to a path below the base URL, with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/{path}", self.emulator.base_url());
        self.http.request(method, url).bearer_auth(self.emulator.token())
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path).send().await.expect("an answer")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(Method::POST, path).json(body).send().await.expect("an answer")).await
    }

    /// Submits a job and gives its id.
    pub(crate) async fn submit(&self, seed: u32) -> String {
        let (status, answer) = self.post(&format!("models/{MODEL}"), &body(seed)).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["request_id"].as_str().expect("an id").to_owned()
    }

    pub(crate) async fn status(&self, id: &str) -> Value {
        self.get(&format!("requests/{id}/status")).await.1
    }

    pub(crate) async fn result(&self, id: &str) -> Value {
        self.get(&format!("requests/{id}/result?include_cost=true")).await.1
    }

    pub(crate) async fn cancel(&self, id: &str) -> Value {
        self.post(&format!("requests/{id}/cancel"), &Value::Null).await.1
    }
}

pub(crate) async fn answer(response: Response) -> (StatusCode, Value) {
    (response.status(), response.json().await.expect("JSON"))
}
