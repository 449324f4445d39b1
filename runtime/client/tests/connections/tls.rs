//! TLS is the one that this crate chose, whatever is the default of the process, which is set here.

use std::time::Duration;

use runcomfy_client::{CatalogueQuery, Client, Downloader, RetryPolicy};
use rustls::CipherSuite;
use rustls::crypto::CryptoProvider;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

/// A provider with one cipher suite, made the default of the process as another crate may do it.
fn poor_default() {
    let mut poor = rustls::crypto::ring::default_provider();
    poor.cipher_suites.retain(|suite| suite.suite() == CipherSuite::TLS13_CHACHA20_POLY1305_SHA256);
    let _ = CryptoProvider::install_default(poor);
}

/// The first message of a client: what it offers.
async fn hello(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).await.expect("a record");
    let mut record = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
    stream.read_exact(&mut record).await.expect("a whole record");
    record
}

/// How many cipher suites a hello offers. They stand behind type, length, version, random and session id.
fn suites(hello: &[u8]) -> usize {
    let session = usize::from(hello[38]);
    usize::from(u16::from_be_bytes([hello[39 + session], hello[40 + session]])) / 2
}

fn offers(hello: &[u8], protocol: &[u8]) -> bool {
    hello.windows(protocol.len()).any(|part| part == protocol)
}

#[tokio::test]
async fn the_default_of_the_process_is_not_what_connections_are_made_with() {
    poor_default();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("https://{}", listener.local_addr().expect("an address"));
    let here = base.parse().expect("a URL");
    let client = Client::builder().base_url(&base).token("t").retry(RetryPolicy::never()).build().expect("a client");
    let downloader = Downloader::builder().allow_local(&here).max_retries(0).read_timeout(Duration::from_millis(300));
    let downloader = downloader.build().expect("a downloader");
    let folder = tempfile::tempdir().expect("a folder");
    let (file, path) = (format!("{base}/f.mp4"), folder.path().join("f.mp4"));
    let asking = tokio::spawn(async move {
        (client.catalogue_page(&CatalogueQuery::default()).await.err(), downloader.download(&file, path).await.err())
    });
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let hello = hello(&mut stream).await;
        assert!(suites(&hello) > 6, "all suites of our provider: {}", suites(&hello));
        assert!(offers(&hello, b"\x02h2") && offers(&hello, b"\x08http/1.1"), "HTTP/2 and HTTP/1.1");
    }
    let (call, download) = asking.await.expect("no panic");
    assert!(call.is_some() && download.is_some(), "nobody answered");
}
