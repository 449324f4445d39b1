//! Connections that lead nowhere yet: with this crate's TLS, and readers that forgive. Out: settings of them. Must not know what is
//! sent, or where.

use rustls::ClientConfig;

use super::tls;

/// Connections with this crate's TLS.
///
/// # Errors
/// The provider has no version of TLS that rustls has.
pub(super) fn connections() -> Result<reqwest::ClientBuilder, rustls::Error> {
    tls::config().map(connections_with)
}

/// Connections with these settings of TLS. An odd line in the head of an answer costs that line, not an answer that may tell of a
/// job that is paid for; and a body comes as it was sent, whatever other crates switch on in reqwest.
pub(super) fn connections_with(tls: ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
}
