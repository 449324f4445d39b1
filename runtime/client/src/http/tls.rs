//! TLS as this crate chose it: rustls with a provider and roots that are named here, whatever other crates switch on in
//! reqwest or make the default of the process. Must not know what is sent over it, or where.

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};

/// What is spoken over TLS, the best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// This crate's TLS.
///
/// # Errors
/// The provider has no version of TLS that rustls has.
pub(super) fn config() -> Result<ClientConfig, rustls::Error> {
    let config = ClientConfig::builder_with_provider(provider().into()).with_safe_default_protocol_versions()?;
    let mut config = config.with_root_certificates(roots()).with_no_client_auth();
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    Ok(config)
}

#[cfg(feature = "aws-lc")]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

#[cfg(not(feature = "aws-lc"))]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

/// Mozilla's certificate authorities, and those of the system if they are wanted.
fn roots() -> RootCertStore {
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    #[cfg_attr(not(feature = "native-roots"), expect(unused_mut, reason = "nothing is added"))]
    let mut roots: RootCertStore = roots.collect();
    #[cfg(feature = "native-roots")]
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
