//! The catalogue of a server that says odd things: each test is named for one of them.

use std::io::{BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use futures_util::TryStreamExt as _;
use runcomfy_client::{CatalogueQuery, Client, RetryPolicy};

/// Answers every request with what `body` makes of its path; the address to give to a client.
fn serve(body: impl Fn(&str) -> String + Send + 'static) -> String {
    serve_with(200, body)
}

/// The same with this status.
fn serve_with(status: u16, body: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is not this test's subject.
            let _ = answer(stream, status, &body);
        }
    });
    format!("http://{address}/v1")
}

fn answer(mut stream: TcpStream, status: u16, body: impl Fn(&str) -> String) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let body = body(first.split(' ').nth(1).unwrap_or_default());
    write!(stream, "HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn an_entry_that_can_not_be_read_does_not_shift_the_pages() {
    let sent =
        ["{}", r#"{"model_id": "a/b"}"#, r#"{"model_id": "c/d"}"#, r#"{"model_id": "e/f"}"#, r#"{"model_id": "g/h"}"#];
    let base_url = serve(move |path| {
        let offset = path.rsplit_once("offset=").and_then(|(_, offset)| offset.parse().ok()).unwrap_or(0);
        let page: Vec<_> = sent.iter().skip(offset).take(2).copied().collect();
        format!("{{\"models\": [{}], \"total\": {}}}", page.join(", "), sent.len())
    });
    let client = Client::builder().base_url(base_url).token("token").build().expect("a client");
    let query = CatalogueQuery::new().limit(2);
    let all: Vec<_> = client.catalogue(query.clone()).try_collect().await.expect("the catalogue");
    let ids: Vec<_> = all.iter().map(|entry| entry.model_id.as_str()).collect();
    assert_eq!(ids, ["a/b", "c/d", "e/f", "g/h"]);
    let page = client.catalogue_page(&query).await.expect("a page");
    let told: Vec<_> = page.unreadable.iter().map(|error| error.path()).collect();
    assert_eq!((page.entries.len(), page.sent(), told), (1, 2, vec!["models[0].model_id"]));
}

#[tokio::test]
async fn bytes_of_the_catalogue_are_those_of_the_server_to_the_letter() {
    let entry = r#"{"model_id": "a/b", "input_schema": {"maximum": 1e3,  "maximum": 1.50}}"#;
    let page = format!(r#"{{"models": [{entry}], "total": 1}}"#);
    let (body, whole) = (page.clone(), entry.to_owned());
    let base_url = serve(move |path| if path.contains('?') { body.clone() } else { whole.clone() });
    let client = Client::builder().base_url(base_url).token("token").build().expect("a client");
    assert_eq!(client.catalogue_page_bytes(&CatalogueQuery::new()).await.expect("a page"), page.as_bytes());
    assert_eq!(client.catalogue_entry_bytes("a/b").await.expect("an entry").as_deref(), Some(entry.as_bytes()));
}

#[tokio::test]
async fn an_odd_value_in_one_entry_costs_that_value() {
    let base_url = serve(|_| {
        r#"{"models": [{"model_id": "a/b", "base_price_usd": NaN, "kind": 7}, {"model_id": "c/d", "x": Infinity}], "total": 2}"#
            .to_owned()
    });
    let client = Client::builder().base_url(base_url).token("token").build().expect("a client");
    let page = client.catalogue_page(&CatalogueQuery::new()).await.expect("a page");
    let ids: Vec<_> = page.entries.iter().map(|entry| entry.model_id.as_str()).collect();
    assert_eq!((ids, page.entries[0].base_price_usd, page.unreadable.len()), (vec!["a/b", "c/d"], None, 0));
}

#[tokio::test]
async fn only_the_api_itself_says_that_a_model_is_not_listed() {
    for (status, body, is_listed) in [
        (404, r#"{"error_code": 404001, "error_message": "no such model"}"#, Some(false)),
        (400, r#"{"error_code": 400001, "error_message": "invalid model_id"}"#, Some(false)),
        (404, r#"{"detail": "Not Found"}"#, Some(false)),
        (200, r#"{"error_code": 400001}"#, Some(false)),
        (404, "<html>no</html>", None),
        (404, "", None),
        (410, "<html>moved</html>", None),
        (400, r#"{"error_code": 422001}"#, None),
        (200, r#"{"model_id": "a/b"}"#, Some(true)),
    ] {
        let base_url = serve_with(status, move |_| body.to_owned());
        let settings = Client::builder().base_url(base_url).token("token").retry(RetryPolicy::never());
        let entry = settings.build().expect("a client").catalogue_entry("a/b").await;
        assert_eq!(entry.as_ref().ok().map(Option::is_some), is_listed, "HTTP {status} {body}: {entry:?}");
    }
}
