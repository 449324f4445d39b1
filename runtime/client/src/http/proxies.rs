//! Whether an HTTP client of the program's own may hand a request without TLS to a proxy, which then reads the token. reqwest
//! tells it only in its `Debug`, so that is what is read, and it is tried first on a client whose proxy is known.

/// Whether this client may use a proxy for `http://` URLs; also where that can't be told.
pub(super) fn may_be_used(http: &reqwest::Client) -> bool {
    let known = reqwest::Proxy::http("http://127.0.0.1:1").ok().and_then(|proxy| {
        let http = super::bare::connections().ok()?;
        http.proxy(proxy).build().ok()
    });
    !known.is_some_and(|known| are_shown(&known)) || are_shown(http)
}

/// Whether a client shows a proxy for `http://` URLs. A function that picks proxies shows as `_`.
fn are_shown(http: &reqwest::Client) -> bool {
    let shown = format!("{http:?}");
    shown.split_once("proxies: [").is_some_and(|(_, proxies)| {
        proxies.starts_with('_') || proxies.contains(", _") || proxies.contains("http: Intercept")
    })
}

#[cfg(test)]
mod tests {
    use reqwest::{ClientBuilder, Proxy};

    use super::*;

    fn may(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> bool {
        let http = crate::http::bare::connections().expect("TLS");
        may_be_used(&change(http.no_proxy()).build().expect("HTTP"))
    }

    #[test]
    fn every_kind_of_proxy_for_plain_requests_is_found() {
        let proxy = "http://127.0.0.1:3128";
        let no = || reqwest::NoProxy::from_string("127.0.0.1");
        assert!(may(|http| http.proxy(Proxy::http(proxy).expect("a proxy"))));
        assert!(may(|http| http.proxy(Proxy::all(proxy).expect("a proxy"))));
        assert!(may(|http| http.proxy(Proxy::all(proxy).expect("a proxy").basic_auth("a", "b"))));
        assert!(may(|http| http.proxy(Proxy::custom(move |_| Some(proxy)))));
        let https = || Proxy::https(proxy).expect("a proxy");
        assert!(may(|http| http.proxy(https()).proxy(Proxy::http(proxy).expect("a proxy"))));
        assert!(may(|http| http.proxy(https()).proxy(Proxy::custom(move |_| Some(proxy)))));
        // It would be passed by, but that can't be told for sure.
        assert!(may(|http| http.proxy(Proxy::all(proxy).expect("a proxy").no_proxy(no()))));
    }

    #[test]
    fn what_leaves_plain_requests_alone_is_fine() {
        assert!(!may(|http| http));
        assert!(!may(|http| http.proxy(Proxy::https("http://127.0.0.1:3128").expect("a proxy"))));
    }
}
