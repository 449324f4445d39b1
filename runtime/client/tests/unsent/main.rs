//! What is sent again, and what never: submits at servers that count them. A submit is repeated only where it certainly did
//! not arrive.

mod answers;
mod http1;
mod http2;
mod odd;
mod once;

use std::time::Duration;

use runcomfy_client::{Client, ClientBuilder, Error, Job, RetryPolicy, TransportErrorKind};
use serde_json::json;

/// Connections of a program's own.
fn connections() -> reqwest::ClientBuilder {
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().expect("TLS");
    let config = config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy()
}

/// Settings that are soon out of patience, with more retries than a submit is sent again.
fn settings(base: &str) -> ClientBuilder {
    let retry = RetryPolicy::default().max_retries(9).delays(Duration::ZERO, Duration::ZERO);
    Client::builder().base_url(base).token("t0ken").retry(retry).submit_timeout(Duration::from_secs(30))
}

async fn submit(client: &Client) -> Result<Job, Error> {
    client.submit_json("a/b/c", &json!({"prompt": "x"})).await
}

/// What became of a submit, in a word.
fn outcome(submitted: Result<Job, Error>) -> &'static str {
    match submitted {
        Ok(_) => "accepted",
        Err(Error::OutcomeUnknown(error)) if error.request_ids().is_empty() => "unknown",
        Err(Error::OutcomeUnknown(_)) => "unknown, with id",
        Err(Error::Api(_)) => "refused",
        Err(Error::Transport(error)) => match error.kind() {
            TransportErrorKind::NotTaken => "not taken",
            _ => "no connection",
        },
        Err(error) => panic!("{error}"),
    }
}
