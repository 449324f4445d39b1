//! How connections are made: by whose TLS, and through which proxy. What others switch on or set does not count.

mod proxy;
mod tls;

/// Connections of a program's own.
fn own() -> reqwest::ClientBuilder {
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions().expect("TLS");
    let config = config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).tls_backend_preconfigured(config)
}
