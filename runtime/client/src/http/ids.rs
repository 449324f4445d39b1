//! Where answers name jobs: keys and addresses in, ids out. Must not know which call is answered, or whether an id is one.

use percent_encoding::percent_decode_str;
use reqwest::header::{CONTENT_LOCATION, HeaderMap, LINK, LOCATION};

use super::status::Status;

/// What a key says of its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Names {
    #[default]
    Nothing,
    /// It is the id of a job.
    Id,
    /// It is what others call their jobs.
    Job,
    /// It is the status of a job, if its word says so: see [`is_status`].
    Status,
    /// It is an address of a job.
    Address,
    /// It holds what other servers put at the top.
    Answer,
    /// It is the place of a job in the queue.
    Place,
}

/// What names a job: keys without what separates their words, in lower case.
const KEYS: [(&str, Names); 7] = [
    ("requestid", Names::Id),
    ("jobid", Names::Job),
    ("taskid", Names::Job),
    ("statusurl", Names::Address),
    ("resulturl", Names::Address),
    ("cancelurl", Names::Address),
    ("queueposition", Names::Place),
];

/// What stands around that, or says how a job is.
const OTHER_KEYS: [(&str, Names); 7] = [
    ("status", Names::Status),
    ("state", Names::Status),
    ("data", Names::Answer),
    ("result", Names::Answer),
    ("response", Names::Answer),
    ("job", Names::Answer),
    ("error", Names::Answer),
];

/// The words that name a job, as [`Names::of`] knows them.
pub(super) fn job_words() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|(word, _)| *word)
}

impl Names {
    /// Whatever the key's case, and whatever separates its words.
    pub(super) fn of(key: &[u8]) -> Self {
        let is = |word: &str| {
            let letters = key.iter().filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
            letters.map(u8::to_ascii_lowercase).eq(word.bytes())
        };
        let found = KEYS.iter().chain(&OTHER_KEYS).find(|(word, _)| is(word));
        found.map_or(Self::Nothing, |(_, names)| *names)
    }
}

/// Whether a word is the status of a job and nothing else: refusals, too, say of themselves that they failed or are an error.
pub(super) fn is_status(word: &str) -> bool {
    match Status::from(word) {
        Status::InQueue | Status::InProgress | Status::Completed | Status::Cancelled => true,
        Status::Failed => false,
        // What no answer of the API was seen to say, and others do.
        Status::Unknown(_) => ["queued", "running", "accepted", "submitted", "created", "scheduled"]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known)),
    }
}

/// The id in an address of a job, as in `https://…/requests/r-1/status`.
pub(super) fn in_address(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    // The last one: what is before it may be the way to a server behind a gateway.
    let mut parts = path.rsplit('/');
    let mut next = parts.next()?;
    let id = parts.find_map(|part| {
        let id = std::mem::replace(&mut next, part);
        (part.eq_ignore_ascii_case("requests") && !id.is_empty()).then_some(id)
    });
    let id = percent_decode_str(id?).decode_utf8().ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// The ids in the addresses of an answer's head. Headers such as `X-Request-Id` name a request of HTTP, not a job.
pub(super) fn in_headers(headers: &HeaderMap) -> Vec<String> {
    let all = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    // As in `Link: <https://…/requests/r-1>; rel=status, <https://…>`.
    let links = all(LINK).flat_map(|links| links.split('<').skip(1)).filter_map(|link| link.split('>').next());
    all(LOCATION).chain(all(CONTENT_LOCATION)).chain(links).filter_map(in_address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_the_head_tell_their_ids() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (LINK, "<https://x.example/docs>; rel=help, </v1/requests/r-1>; rel=status"),
            (LINK, "</v1/requests/r-2/result>"),
            (LOCATION, "/v1/requests/r-3"),
            (CONTENT_LOCATION, "/login"),
        ] {
            headers.append(name, value.parse().expect("a header"));
        }
        assert_eq!(in_headers(&headers), ["r-3", "r-1", "r-2"]);
    }

    #[test]
    fn an_address_tells_the_id_of_its_job() {
        for (url, id) in [
            ("https://x.example/v1/requests/r-1/status", Some("r-1")),
            ("/v1/Requests/r%3A1?a=/b/", Some("r:1")),
            ("https://x.example/v1/requests/", None),
            ("https://x.example/v1/requests//result", None),
            ("https://x.example/requests/v1/requests/r-1/result", Some("r-1")),
            ("https://x.example/v1/models/r-1", None),
            ("", None),
        ] {
            assert_eq!(in_address(url).as_deref(), id, "{url}");
        }
    }
}
