//! Connections that lead nowhere yet: with this crate's TLS, and bodies as they were sent. Out: settings of them. Must not know what is
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

/// Connections with these settings of TLS. A body comes as it was sent, whatever other crates switch on in reqwest.
pub(super) fn connections_with(tls: ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_backend_preconfigured(tls).no_gzip().no_brotli().no_deflate().no_zstd()
}
