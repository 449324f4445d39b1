//! A proxy of the environment reads nothing that is meant for this machine. A process has one environment, so the tests run
//! in processes of their own.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;

use runcomfy_client::{CatalogueQuery, Client, ClientBuilder, Error};

/// Set for the inner halves.
const INNER: &str = "RUNCOMFY_TEST_BEHIND_PROXY";

/// Runs an inner half in an environment that sends everything to a proxy, which counts; gives how many requests came there.
fn behind_a_proxy(test: &str) -> usize {
    let proxy = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = format!("http://{}", proxy.local_addr().expect("an address"));
    let mut inner = Command::new(std::env::current_exe().expect("this program"));
    inner.args(["--exact", test, "--nocapture"]).env(INNER, "1").env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        inner.env(name, &address);
    }
    let output = inner.output().expect("this program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
    proxy.set_nonblocking(true).expect("a setting");
    std::iter::from_fn(|| proxy.accept().ok()).count()
}

/// A server on this machine that says `{}` once.
fn server() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"models\": []}");
        }
    });
    base
}

fn settings(base: &str) -> ClientBuilder {
    Client::builder().base_url(base).token("t0ken")
}

#[test]
fn what_is_on_this_machine_is_reached_past_any_proxy() {
    assert_eq!(behind_a_proxy("proxy::asks_this_machine"), 0);
}

#[tokio::test]
async fn asks_this_machine() {
    if std::env::var_os(INNER).is_none() {
        return;
    }
    let base = server();
    let client = settings(&base).build().expect("a client");
    client.catalogue_page(&CatalogueQuery::default()).await.expect("an answer");
    let folder = tempfile::tempdir().expect("a folder");
    client.download(&format!("{base}/f.bin"), folder.path().join("f.bin")).await.expect("a file");
}

#[test]
fn a_client_that_would_tell_a_proxy_the_token_is_refused() {
    assert_eq!(behind_a_proxy("proxy::builds_clients"), 0);
}

#[tokio::test]
async fn builds_clients() {
    if std::env::var_os(INNER).is_none() {
        return;
    }
    let base = server();
    let with = |http: reqwest::Client| settings(&base).http_client(http).build();
    let error = with(super::own().build().expect("HTTP")).expect_err("it has the environment's proxy");
    assert!(matches!(error, Error::Config(_)) && error.to_string().contains("no_proxy()"), "{error}");
    let client = with(super::own().no_proxy().build().expect("HTTP")).expect("a client");
    client.catalogue_page(&CatalogueQuery::default()).await.expect("an answer");
    // With TLS the proxy passes on what it can't read.
    let http = super::own().build().expect("HTTP");
    settings("https://127.0.0.1:1/v1").http_client(http).build().expect("a client");
}
