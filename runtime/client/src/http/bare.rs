//! Connections that lead nowhere yet: with this crate's TLS, and readers that forgive. Out: settings of them. Must not know what is
//! sent, or where.

use rustls::ClientConfig;

use super::tls;

/// The most lines that the head of an answer may have; hyper stops at 100 by itself. The room for them, 64 bytes each, is taken
/// while a head is read.
const MAX_HEAD_LINES: usize = 4096;

/// The most bytes that the head of an answer over HTTP/2 may have, about as many as hyper reads over HTTP/1.1.
const MAX_HEAD_BYTES: u32 = 400 << 10;

/// Connections with this crate's TLS.
///
/// # Errors
/// The provider has no version of TLS that rustls has.
pub(super) fn connections() -> Result<reqwest::ClientBuilder, rustls::Error> {
    tls::config().map(connections_with)
}

/// Connections with these settings of TLS. An odd line in the head of an answer costs that line, and many lines cost nothing, not
/// an answer that may tell of a job that is paid for; and a body comes as it was sent, whatever other crates switch on in reqwest.
pub(super) fn connections_with(tls: ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_max_headers(MAX_HEAD_LINES)
        .http2_max_header_list_size(MAX_HEAD_BYTES)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use bytes::Bytes;
    use reqwest::header::HeaderValue;
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers over HTTP/2 with that many lines of 100 bytes.
    async fn server(lines: usize) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut requests = h2::server::handshake(stream).await.expect("HTTP/2");
            while let Some(Ok((_, mut answers))) = requests.accept().await {
                let mut answer = hyper::Response::new(());
                for _ in 0..lines {
                    let value = HeaderValue::from_bytes(&[b'x'; 60]).expect("a value");
                    answer.headers_mut().append("x-line", value);
                }
                let mut body = answers.send_response(answer, false).expect("sent");
                body.send_data(Bytes::from_static(b"whole"), true).expect("sent");
            }
        });
        address
    }

    #[tokio::test]
    async fn an_answer_over_http2_may_have_many_lines() {
        for lines in [101, 1000, 4000] {
            let http = connections().expect("TLS").http2_prior_knowledge().no_proxy().build().expect("HTTP");
            let answer = http.get(format!("http://{}", server(lines).await)).send().await;
            let answer = answer.unwrap_or_else(|error| panic!("{lines} lines: {error:?}"));
            assert_eq!(answer.headers().len(), lines);
            assert_eq!(answer.text().await.expect("a body"), "whole");
        }
    }
}
