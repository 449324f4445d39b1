//! Which URLs may be fetched. In: a URL, as the same parser read it that will connect. Out: a yes, or what is wrong with
//! it. Must not connect to anything.

use std::fmt;

use reqwest::Url;

use crate::http::endpoint::is_loopback;
use crate::http::error::DownloadErrorKind;
use crate::text::without_logins;

/// RunComfy publishes outputs on hosts below these, and its own programs fetch from all of them.
const RUNCOMFY_DOMAINS: [&str; 2] = ["runcomfy.net", "runcomfy.com"];

/// The hosts that are allowed, all by https and its own port unless the rule names another.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    rules: Vec<Rule>,
    /// A name of this machine, for whose servers http will do.
    local: Option<String>,
}

#[derive(Clone, Debug)]
struct Rule {
    host: String,
    port: u16,
    /// Also every host below `host`, but not `host` itself.
    below: bool,
}

/// Why a URL is not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No URL, not by https, or with a user name in it.
    Url(&'static str),
    /// A host that no rule allows.
    Host(String),
}

impl Hosts {
    pub(super) fn runcomfy() -> Self {
        let rule = |host: &str| Rule { host: host.to_owned(), port: 443, below: true };
        Self { rules: RUNCOMFY_DOMAINS.map(rule).to_vec(), local: None }
    }

    /// Adds `files.example.com`, `files.example.com:8443`, or `*.example.com` for all hosts below it. The parser of URLs
    /// reads the rule too, so that both have one spelling.
    pub(super) fn allow(&mut self, rule: &str) -> Result<(), String> {
        let (below, authority) = match rule.strip_prefix("*.") {
            Some(parent) => (true, parent),
            None => (false, rule),
        };
        let shown = without_logins(&format!("//{rule}"))[2..].to_owned();
        let url = Url::parse(&format!("https://{authority}/")).map_err(|error| format!("`{shown}`: {error}"))?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !has_user(&url);
        match (url.host_str(), url.port_or_known_default()) {
            (Some(host), Some(port)) if bare && !host.contains('*') => {
                self.rules.push(Rule { host: host.to_owned(), port, below });
                Ok(())
            }
            _ => Err(format!("`{shown}`: write a host as in `files.example.com` or `*.example.com`")),
        }
    }

    /// Allows the host of this URL, at every port and by http too, if it is this machine.
    pub(super) fn allow_local(&mut self, url: &Url) {
        self.local = url.host_str().filter(|_| is_loopback(url)).map(str::to_owned);
    }

    pub(super) fn parse(&self, text: &str) -> Result<Url, Refusal> {
        let url = Url::parse(text).map_err(|_| {
            Refusal::Url("this is no absolute URL, and no image, film or sound as a `data:` URI or in base64")
        })?;
        self.check(&url)?;
        Ok(url)
    }

    pub(super) fn check(&self, url: &Url) -> Result<(), Refusal> {
        if has_user(url) {
            return Err(Refusal::Url("it holds a user name or a password"));
        }
        let host = url.host_str().unwrap_or_default();
        if matches!(url.scheme(), "http" | "https") && self.local.as_deref() == Some(host) {
            return Ok(());
        }
        let port = url.port_or_known_default();
        let mut named = self.rules.iter().filter(|rule| rule.names(host)).peekable();
        match url.scheme() {
            "http" | "https" if named.peek().is_none() => Err(Refusal::Host(host.to_owned())),
            "https" if named.any(|rule| port == Some(rule.port)) => Ok(()),
            "https" => Err(Refusal::Host(format!("{host}:{}", port.unwrap_or_default()))),
            _ => Err(Refusal::Url("only https is fetched")),
        }
    }
}

impl Rule {
    fn names(&self, host: &str) -> bool {
        match self.below {
            true => host.strip_suffix(self.host.as_str()).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            false => host == self.host,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(problem) => f.write_str(problem),
            Self::Host(host) => write!(f, "the host `{host}` is not among those that are allowed"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for DownloadErrorKind {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Url(problem) => Self::Url(problem),
            Refusal::Host(host) => Self::HostNotAllowed { host },
        }
    }
}

/// The refusal of a redirect is found in its wrappings; the URL, which may be a secret, is dropped.
impl From<reqwest::Error> for DownloadErrorKind {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut source: Option<&dyn std::error::Error> = Some(&error);
        while let Some(cause) = source {
            if let Some(refusal) = cause.downcast_ref::<Refusal>() {
                return refusal.clone().into();
            }
            source = cause.source();
        }
        Self::Connection(error.into())
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runcomfys_hosts_are_allowed_and_nothing_that_looks_like_them() {
        let hosts = Hosts::runcomfy();
        let good = "https://playgrounds-storage-public.runcomfy.net/a/b.png?x=1";
        assert!(hosts.parse(good).is_ok());
        assert!(hosts.parse("https://FILES.runcomfy.net:443/b.png").is_ok(), "the same host to the parser");
        for host in ["storage.runcomfy.net", "a.b.runcomfy.net", "cdn.runcomfy.com"] {
            assert!(hosts.parse(&format!("https://{host}/f.mp4")).is_ok(), "{host}");
        }
        for bad in [
            "https://evilruncomfy.net/b.png",
            "https://evil-runcomfy.com/b.png",
            "https://runcomfy.net.evil.com/b.png",
            "https://runcomfy.net/b.png",
            "https://.runcomfy.net/b.png",
            "https://a.runcomfy.org/b.png",
            "https://evil.com/a.runcomfy.net/b.png",
            "https://evil.com#.runcomfy.net/b.png",
            "https://evil.com?.runcomfy.net/b.png",
            "http://a.runcomfy.com/b.png",
            "http://files.runcomfy.net/b.png",
            "https://files.runcomfy.net:8443/b.png",
            "https://files.runcomfy.net.example.com/b.png",
            "https://example.com/files.runcomfy.net/b.png",
            "https://example.com\\.files.runcomfy.net/b.png",
            "https://example.com\\@files.runcomfy.net/b.png",
            "https://files.runcomfy.net@example.com/b.png",
            "https://user:secret@files.runcomfy.net/b.png",
            "https://files.runcomfy.net./b.png",
            "https://127.0.0.1/b.png",
            "http://127.0.0.1:80/b.png",
            "https://[::1]/b.png",
            "file:///etc/passwd",
            "data:image/png;base64,AAAA",
            "b.png",
            "",
        ] {
            assert!(hosts.parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rule_with_a_star_means_hosts_below_and_not_beside() {
        let mut hosts = Hosts::runcomfy();
        hosts.allow("*.Example.com").expect("a rule");
        hosts.allow("cdn.example.org:8443").expect("a rule");
        assert!(hosts.parse("https://a.example.com/x").is_ok());
        assert!(hosts.parse("https://a.b.example.com/x").is_ok());
        assert!(hosts.parse("https://cdn.example.org:8443/x").is_ok());
        for bad in
            ["https://example.com/x", "https://badexample.com/x", "https://.example.com/x", "https://cdn.example.org/x"]
        {
            assert!(hosts.parse(bad).is_err(), "{bad}");
        }
        for bad in [
            "",
            "*",
            "*.",
            "https://example.com",
            "example.com/path",
            "a@example.com",
            "example.com?x",
            "u:secret@example.com",
            "u:sec/ret@example.com",
        ] {
            let refused = hosts.allow(bad).expect_err(bad);
            assert!(!refused.contains("sec"), "{refused}");
        }
    }

    #[test]
    fn http_is_for_this_machine_by_the_name_that_was_given() {
        let mut hosts = Hosts::runcomfy();
        hosts.allow_local(&Url::parse("http://127.0.0.1:4000/v1").expect("a URL"));
        assert!(hosts.parse("http://127.0.0.1:4000/files/x.mp4").is_ok());
        assert!(hosts.parse("http://127.0.0.1:4001/files/x.mp4").is_ok(), "an emulator serves its files elsewhere");
        assert!(hosts.parse("ftp://127.0.0.1:4000/files/x.mp4").is_err());
        for other in ["http://localhost:4000/x.mp4", "http://127.0.0.2:4000/x.mp4", "http://[::1]:4000/x.mp4"] {
            assert!(hosts.parse(other).is_err(), "{other} is another name");
        }
        hosts.allow_local(&Url::parse("https://model-api.runcomfy.net/v1").expect("a URL"));
        assert!(hosts.parse("http://model-api.runcomfy.net/x").is_err(), "that is not this machine");
    }
}
