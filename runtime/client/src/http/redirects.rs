//! Whether an HTTP client of the program's own follows redirects. One that does makes a second request of a submit that the
//! server has answered: what fails of that, or is answered, says nothing about the submit itself, and looks as if it did. reqwest
//! tells it only in its `Debug`, so that is what is read.

/// How a client shows that it follows none. Another one shows something else, or nothing.
const NONE: &str = "redirect_policy: \"Policy(None)\"";

/// Whether this client may follow a redirect; also where that can't be told.
pub(super) fn may_be_followed(http: &reqwest::Client) -> bool {
    !format!("{http:?}").contains(NONE)
}

#[cfg(test)]
mod tests {
    use reqwest::ClientBuilder;
    use reqwest::header::{HeaderMap, HeaderValue};
    use reqwest::redirect::Policy;

    use super::*;

    fn may(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> bool {
        let http = crate::http::bare::connections().expect("TLS");
        may_be_followed(&change(http).build().expect("HTTP"))
    }

    #[test]
    fn only_a_client_that_says_it_follows_none_is_believed() {
        assert!(!may(|http| http.redirect(Policy::none())));
        assert!(!may(|http| http.no_proxy().user_agent("a").redirect(Policy::none()).http2_prior_knowledge()));
        assert!(may(|http| http), "reqwest follows ten unless told otherwise");
        assert!(may(|http| http.redirect(Policy::limited(0))));
        assert!(may(|http| http.redirect(Policy::limited(5))));
        assert!(may(|http| http.redirect(Policy::custom(|attempt| attempt.stop()))));
        assert!(may(|http| http.redirect(Policy::none()).redirect(Policy::default())));
        let headers = HeaderMap::from_iter([(reqwest::header::VIA, HeaderValue::from_static(NONE))]);
        assert!(may(|http| http.default_headers(headers)), "a header that says so");
    }
}
