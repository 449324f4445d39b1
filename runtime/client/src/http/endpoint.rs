//! Where requests go: the base URL and ids in, URLs of the API out. The one place that makes such URLs, so that a token
//! can't be sent anywhere else. Must not send anything.

use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::error::ConfigError;

/// The Model API.
pub(crate) const DEFAULT_BASE: &str = "https://model-api.runcomfy.net/v1";

/// What a path segment may hold as it is (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest request id there is.
const MAX_REQUEST_ID_LENGTH: usize = 128;

/// The base URL of the API, version included.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    base: Url,
}

/// What can be asked about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestPath {
    Status,
    Result,
    Cancel,
}

impl Endpoint {
    /// Reads a base URL. Only `https`, but for this machine itself.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let refuse = |reason| ConfigError::BaseUrl { reason };
        let mut base = Url::parse(text.trim()).map_err(|_| refuse("is not a URL"))?;
        let secure = match base.scheme() {
            "https" => true,
            "http" => is_loopback(&base),
            _ => return Err(refuse("is neither https nor http")),
        };
        if !secure {
            return Err(refuse("is not https: only addresses of this machine itself may be plain http"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(refuse("holds a user name or a password"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(refuse("has a query or a fragment"));
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self { base })
    }

    /// What all URLs of the API begin with.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Whether the API is on this machine itself.
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Whether the API is reached without TLS.
    pub(crate) fn is_plain(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// Whether an answer from this URL is from the API.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.base.origin() == url.origin()
    }

    /// `POST` here submits a job, `GET` reads the catalogue's entry.
    pub(crate) fn model(&self, model_id: &str) -> Result<Url, ConfigError> {
        let bad = |segment: &str| matches!(segment, "" | "." | "..");
        if model_id.split('/').any(bad) || model_id.contains(char::is_control) {
            return Err(ConfigError::ModelId);
        }
        let segments: Vec<_> =
            model_id.split('/').map(|segment| utf8_percent_encode(segment, SEGMENT).to_string()).collect();
        Ok(self.at(&format!("/models/{}", segments.join("/"))))
    }

    /// The catalogue; `""` or `/categories`.
    pub(crate) fn catalogue(&self, rest: &str) -> Url {
        self.at(&format!("/models{rest}"))
    }

    /// The URL of a call about a request, whose id must have been checked.
    pub(crate) fn request(&self, request_id: &str, path: RequestPath) -> Url {
        let rest = match path {
            RequestPath::Status => "status",
            RequestPath::Result => "result?include_cost=true",
            RequestPath::Cancel => "cancel",
        };
        self.at(&format!("/requests/{}/{rest}", utf8_percent_encode(request_id, SEGMENT)))
    }

    fn at(&self, rest: &str) -> Url {
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let mut url = self.base.clone();
        let path = format!("{}{path}", self.base.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(query);
        url
    }
}

/// Whether a request id is one: 1 to 128 bytes of any kind that can't lead to another URL.
pub(crate) fn is_request_id(text: &str) -> bool {
    let is_bad = |c: char| matches!(c, '/' | '\\' | '%' | '?' | '#') || c.is_whitespace() || c.is_control();
    (1..=MAX_REQUEST_ID_LENGTH).contains(&text.len()) && !matches!(text, "." | "..") && !text.contains(is_bad)
}

/// Whether a URL leads to this machine itself.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_may_be_plain_http() {
        for fine in ["https://example.com/v1", "http://127.0.0.1:80/v1", "http://[::1]:9/v1/", "http://localhost"] {
            assert!(Endpoint::parse(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://example.com/v1",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1@example.com",
            "https://user:secret@example.com",
            "ftp://127.0.0.1",
            "https://example.com/?a=b",
            "example.com",
            "",
        ] {
            let refused = Endpoint::parse(bad).expect_err(bad).to_string();
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn paths_hang_under_the_base() {
        let endpoint = Endpoint::parse("https://example.com/api/v1/").expect("a base URL");
        let model = endpoint.model("bytedance/seedance-2.5/pro").expect("an id");
        assert_eq!(model.as_str(), "https://example.com/api/v1/models/bytedance/seedance-2.5/pro");
        let result = endpoint.request("a-1", RequestPath::Result);
        assert_eq!(result.as_str(), "https://example.com/api/v1/requests/a-1/result?include_cost=true");
        let bare = Endpoint::parse("http://127.0.0.1:1").expect("a base URL");
        assert_eq!(bare.request("a", RequestPath::Cancel).as_str(), "http://127.0.0.1:1/requests/a/cancel");
    }

    #[test]
    fn no_model_id_leads_out_of_the_folder_of_models() {
        let endpoint = Endpoint::parse("https://example.com/v1").expect("a base URL");
        for bad in ["", "/", "a//b", "../requests", "a/./b", "a/..", "/a", "a/", "a\nb"] {
            assert!(endpoint.model(bad).is_err(), "{bad:?}");
        }
        let odd = endpoint.model("a/%2e%2e?x=#y\\z ü").expect("odd, but one segment");
        assert_eq!(odd.as_str(), "https://example.com/v1/models/a/%252e%252e%3Fx%3D%23y%5Cz%20%C3%BC");
    }

    #[test]
    fn request_ids_are_anything_that_leads_nowhere_else() {
        for fine in ["Aa0_-", &"x".repeat(128), "req:7@x;y=z,(1)", "ü", "123", "...", "&a=b"] {
            assert!(is_request_id(fine), "{fine:?}");
        }
        let endpoint = Endpoint::parse("https://example.com/v1").expect("a base URL");
        let url = endpoint.request("req:7&ü", RequestPath::Cancel);
        assert_eq!(url.as_str(), "https://example.com/v1/requests/req%3A7%26%C3%BC/cancel");
        for bad in
            ["", "a/b", "a\\b", "a%2fb", ".", "..", "a?b", "a#b", "a b", "a\u{a0}b", "a\n", "a\0", &"x".repeat(129)]
        {
            assert!(!is_request_id(bad), "{bad:?}");
        }
    }
}
