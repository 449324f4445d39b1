//! What hostile and merely odd servers do, each by name: what the client sees, and what the account knows.

use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, DATE, IF_RANGE, LOCATION, RANGE, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use runcomfy_emulator::{
    CancelForm, Detail, Emulator, Fault, Faults, FileFault, IdForm, IdPlace, Oddity, Outcome, RetryAfter, Route, Shape,
    Validator, When,
};
use serde_json::{Value, json};

use crate::support::{Client, MODEL, TIME, body, builder};

/// Longer than any test.
const HOUR: Duration = Duration::from_secs(3600);

async fn with(route: Route, fault: Fault) -> Emulator {
    builder().faults(Faults::none().nth(route, 1, fault)).start().await.expect("starts")
}

async fn send(client: &Client<'_>) -> Result<reqwest::Response, reqwest::Error> {
    client.request(Method::POST, &format!("models/{MODEL}")).json(&body(1)).send().await
}

/// Submits once with that fault. Gives status and text of the answer, what became of the submission, and its doubt.
async fn submitted(fault: Fault) -> (Option<(u16, String)>, Outcome, bool) {
    let emulator = with(Route::Submit, fault).await;
    let answer = match send(&Client::new(&emulator)).await {
        Ok(answer) => Some((answer.status().as_u16(), answer.text().await.unwrap_or_else(|_| "cut".to_owned()))),
        Err(_) => None,
    };
    let account = emulator.account();
    let [submission] = account.submissions() else { panic!("one, not {account:?}") };
    assert_eq!(submission.fault, Some(fault));
    (answer, submission.outcome, submission.ambiguous)
}

#[tokio::test]
async fn refusals_have_no_effect_and_say_what_they_say() {
    let cases = [
        (Fault::Busy(RetryAfter::Seconds(1)), 503, "503001", true),
        (Fault::Status(421, When::Before), 421, "421001", false),
        (Fault::Status(425, When::Before), 425, "425001", false),
        (Fault::Html(404, When::Before), 404, "<html>", true),
        (Fault::Coded(404, 500_001), 404, "500001", true),
        (Fault::Coded(409, 409_001), 409, "409001", false),
        (Fault::Uncoded(422), 422, "{\"detail\":\"not available\"}", false),
        (Fault::TokenInError(403), 403, "emulator-token", false),
        (Fault::Invalid(Detail::Pointer), 422, "\"path\":\"/56_text\"", false),
        (Fault::Invalid(Detail::Location), 422, "\"loc\":[\"body\",\"56_text\"]", false),
        (Fault::Invalid(Detail::Text), 422, "56_text: is not", false),
    ];
    for (fault, status, text, ambiguous) in cases {
        let (answer, outcome, doubt) = submitted(fault).await;
        let (code, page) = answer.expect("an answer");
        assert!((code, page.contains(text)) == (status, true), "{fault:?}: {code} {page}");
        assert_eq!((outcome, doubt), (Outcome::Dropped, ambiguous), "{fault:?}");
    }
}

#[tokio::test]
async fn answers_that_hide_a_job_are_ambiguous() {
    for (fault, seen) in [
        (Fault::Html(200, When::After), "<html>"),
        (Fault::EmptyBody, ""),
        (Fault::TokenAsId, "\"request_id\":\"emulator-token\""),
        (Fault::TwoIds, "\"request_id\":\"emulated-0000000000000000\""),
        (Fault::Contradicted(IdPlace::Data), "\"data\":{\"request_id\":\"emulated-0000000000000000\"}"),
        (Fault::Contradicted(IdPlace::Address), "/requests/emulated-0000000000000000/status\""),
        (Fault::Contradicted(IdPlace::Head), "\"request_id\":\"emulated-"),
        (Fault::DeniedAs(429, "pending"), "{\"status\":\"pending\"}"),
        (Fault::OddJson(Oddity::Nan), "\"x_odd\":NaN"),
        (Fault::OddJson(Oddity::Infinity), "\"x_odd\":-Infinity"),
        (Fault::OddJson(Oddity::HugeNumber), "\"x_odd\":1e999"),
        (Fault::OddJson(Oddity::LoneSurrogate), "\"\\ud83d\""),
        (Fault::CutAt(20), "cut"),
        (Fault::CutAfterId, "cut"),
        (Fault::CutWithinId, "cut"),
        (Fault::CutAfterEcho, "cut"),
    ] {
        let (answer, outcome, doubt) = submitted(fault).await;
        let text = answer.expect("an answer").1;
        assert!(text.contains(seen), "{fault:?}: {text}");
        assert_eq!((outcome, doubt), (Outcome::InProgress, true), "{fault:?}");
    }
}

#[tokio::test]
async fn an_id_is_told_in_another_place_also_by_what_looks_like_a_refusal() {
    for (place, seen) in [
        (IdPlace::Data, "{\"data\":{\"request_id\":\"emulated-"),
        (IdPlace::List, "[{\"request_id\":\"emulated-"),
        (IdPlace::Address, "\"status_url\":\"http"),
        (IdPlace::Head, "{}"),
        (IdPlace::Link, "{}"),
        (IdPlace::Spaces, "\"request_id\":\" emulated-"),
        (IdPlace::Case, "\"request_id\":\"EMULATED-"),
        (IdPlace::Utf16, "{\0\"\0r\0e\0"),
    ] {
        for (fault, status) in [(Fault::Told(place), 200), (Fault::Denied(400, place), 400)] {
            let (answer, outcome, doubt) = submitted(fault).await;
            let (code, text) = answer.expect("an answer");
            assert!(code == status && text.contains(seen), "{fault:?}: {code} {text}");
            assert_eq!((outcome, doubt), (Outcome::InProgress, true), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn an_echo_has_the_id_of_another_job_before_the_right_one() {
    let (answer, outcome, doubt) = submitted(Fault::Echo).await;
    let (status, text) = answer.expect("an answer");
    assert!(text.starts_with(r#"{"input":{"56_text":"a lone figure""#), "{text}");
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((status, outcome, doubt), (200, Outcome::InProgress, false));
    assert!(answer["request_id"] != answer["input"]["request_id"] && answer["input"]["request_id"].is_string());
}

#[tokio::test]
async fn connections_close_before_and_after_the_request_took_effect() {
    for (fault, outcome) in [
        (Fault::Close(When::Before), Outcome::Dropped),
        (Fault::Close(When::After), Outcome::InProgress),
        (Fault::CloseUnread, Outcome::Dropped),
    ] {
        assert_eq!(submitted(fault).await, (None, outcome, true), "{fault:?}");
    }
}

#[tokio::test]
async fn a_stale_connection_is_found_closed_by_the_next_request() {
    let emulator = with(Route::Models, Fault::StaleConnection).await;
    let client = Client::new(&emulator);
    assert_eq!(client.get("models").await.0, StatusCode::OK);
    assert!(send(&client).await.is_err(), "closed when it was used again");
    assert!(send(&client).await.is_ok(), "a new connection");
    let account = emulator.account();
    let outcomes: Vec<_> = account.submissions().iter().map(|one| (one.outcome, one.fault, one.ambiguous)).collect();
    let stale = (Outcome::Dropped, Some(Fault::StaleConnection), true);
    assert_eq!(outcomes, [stale, (Outcome::InProgress, None, false)]);
}

#[tokio::test]
async fn slow_heads_and_early_hints_end_in_the_answer() {
    for fault in [
        Fault::SlowHead(Duration::from_millis(20)),
        Fault::Informational(Duration::from_millis(100)),
        Fault::InformationalFlood(Duration::from_millis(20)),
    ] {
        let (answer, outcome, doubt) = submitted(fault).await;
        let (status, text) = answer.expect("an answer");
        assert!(status == 200 && text.contains("request_id"), "{fault:?}: {status} {text}");
        assert_eq!((outcome, doubt), (Outcome::InProgress, false), "{fault:?}");
    }
}

#[tokio::test]
async fn who_hangs_up_on_endless_answers_is_in_doubt() {
    for fault in
        [Fault::Informational(HOUR), Fault::InformationalFlood(HOUR), Fault::EndlessBody(Duration::from_millis(1))]
    {
        let emulator = with(Route::Submit, fault).await;
        let client = Client::new(&emulator);
        let sending = async {
            let mut answer = send(&client).await?;
            while answer.chunk().await?.is_some() {}
            Ok::<_, reqwest::Error>(())
        };
        let ended = tokio::time::timeout(Duration::from_millis(200), sending).await;
        assert!(ended.is_err(), "{fault:?} {ended:?}");
        while emulator.account().ambiguous_faults() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

#[tokio::test]
async fn retry_after_in_all_its_forms() {
    for (form, expected) in [
        (RetryAfter::Fraction(500), "0.5"),
        (RetryAfter::Text("soon"), "soon"),
        (RetryAfter::SkewedDate(7, 3600), "GMT"),
        (RetryAfter::SkewedDate(7, -3600), "GMT"),
    ] {
        for (route, fault) in [
            (Route::Models, Fault::RateLimited(form)),
            (Route::Models, Fault::Busy(form)),
            (Route::File, Fault::Busy(form)),
        ] {
            let emulator = with(route, fault).await;
            let url = match route {
                Route::File => format!("{}/files/a/0.mp4", emulator.files_url()),
                _ => format!("{}/models", emulator.base_url()),
            };
            let client = Client::new(&emulator);
            let answer = client.http.get(url).bearer_auth(emulator.token()).send().await.expect("an answer");
            let headers = answer.headers();
            let text = |name| headers.get(name).map_or("", |value| value.to_str().expect("text"));
            assert!(text(RETRY_AFTER).ends_with(expected), "{form:?} {headers:?}");
            if let RetryAfter::SkewedDate(..) = form {
                let at = |name| httpdate::parse_http_date(text(name)).expect("a date");
                let wait = at(RETRY_AFTER).duration_since(at(DATE)).expect("after the date");
                assert_eq!(wait, Duration::from_secs(8), "7, rounded up");
                assert!(at(DATE).elapsed().unwrap_or_else(|error| error.duration()) > HOUR / 2);
            }
        }
    }
}

#[tokio::test]
async fn jobs_can_be_asked_for_by_ids_of_other_forms() {
    for form in [IdForm::Number, IdForm::Opaque, IdForm::Long] {
        let emulator = with(Route::Submit, Fault::Id(form)).await;
        let client = Client::new(&emulator);
        let answer: Value = send(&client).await.expect("an answer").json().await.expect("JSON");
        let id = match &answer["request_id"] {
            Value::String(id) => id.clone(),
            number => number.as_u64().expect("a number").to_string(),
        };
        assert_eq!(answer["request_id"].is_number(), form == IdForm::Number, "{answer}");
        let path = format!("requests/{}/status", id.replace('=', "%3D"));
        assert_eq!(client.get(&path).await.1["status"], "in_progress", "{id}");
        assert_eq!(emulator.account().submissions()[0].request_id.as_deref(), Some(id.as_str()));
    }
}

#[tokio::test]
async fn answers_speak_of_another_job() {
    let emulator = with(Route::Status, Fault::OtherId).await;
    let client = Client::new(&emulator);
    let (first, second) = (client.submit(1).await, client.submit(2).await);
    assert_eq!(client.status(&second).await["request_id"], first);
    assert_eq!(client.status(&second).await["request_id"], second);
}

#[tokio::test]
async fn outputs_have_every_shape() {
    let url = |result: &Value| result.to_string().matches("/0.mp4").count();
    for shape in Shape::ALL {
        let emulator = with(Route::Result, Fault::Output(shape)).await;
        let client = Client::new(&emulator);
        let id = client.submit(1).await;
        emulator.advance(TIME);
        let result = client.result(&id).await;
        let expected = match shape {
            Shape::Empty | Shape::Null | Shape::Missing => 0,
            Shape::Repeated => 2,
            _ => 1,
        };
        assert_eq!((url(&result), &result["status"]), (expected, &json!("succeeded")), "{shape:?} {result}");
        assert_eq!(client.result(&id).await["output"]["video"].as_str().map(|url| url.ends_with("/0.mp4")), Some(true));
    }
}

#[tokio::test]
async fn cancels_are_told_in_every_form_and_all_of_them_worked() {
    for form in CancelForm::ALL {
        let faults = Faults::none().nth(Route::Cancel, 1, Fault::Cancel(form));
        let emulator = builder().workers(1).faults(faults).start().await.expect("starts");
        let client = Client::new(&emulator);
        let (_, waiting) = (client.submit(1).await, client.submit(2).await);
        let cancel = client.request(Method::POST, &format!("requests/{waiting}/cancel")).send().await;
        let cancel = cancel.expect("an answer");
        let status = cancel.status().as_u16();
        let answer: Value = cancel.json().await.unwrap_or_default();
        let seen = (status, answer["status"].as_str(), answer["outcome"].as_str());
        let expected = match form {
            CancelForm::Both => (202, Some("cancelled"), Some("cancelled")),
            CancelForm::Requested => (202, Some("cancelled"), Some("cancellation_requested")),
            CancelForm::StatusOnly => (202, Some("cancellation_requested"), None),
            CancelForm::Spelling => (202, Some("canceled"), Some("canceled")),
            CancelForm::Ok => (200, Some("completed"), Some("cancelled")),
            _ => (204, None, None),
        };
        assert_eq!(seen, expected, "{form:?}");
        assert_eq!(client.status(&waiting).await["status"], "cancelled");
    }
}

#[tokio::test]
async fn results_out_of_reach_of_jobs_that_completed() {
    let emulator = builder().faults(Faults::none().rate(Route::Result, Fault::Uncoded(422), 1.0));
    let emulator = emulator.start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    assert_eq!(client.status(&id).await["status"], "completed");
    let (status, answer) = client.get(&format!("requests/{id}/result")).await;
    assert_eq!((status.as_u16(), answer), (422, json!({"detail": "not available"})));
    assert_eq!(emulator.account().submissions()[0].outcome, Outcome::Succeeded);
}

#[tokio::test]
async fn pages_slide_and_entries_lack_ids() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/schemas");
    let faults = Faults::none()
        .nth(Route::Models, 1, Fault::Slides(-1))
        .nth(Route::Models, 2, Fault::Slides(1))
        .nth(Route::Models, 3, Fault::EntryWithoutId)
        .nth(Route::Models, 4, Fault::OddJson(Oddity::Nan));
    let emulator = Emulator::builder(folder).faults(faults).start().await.expect("starts");
    let (client, ids) = (Client::new(&emulator), emulator.model_ids());
    let mut first = Vec::new();
    for _ in 0..3 {
        let page = client.get("models?limit=2&offset=2").await.1;
        assert_eq!(page["models"].as_array().map(Vec::len), Some(2));
        first.push(page["models"][0].get("model_id").cloned());
    }
    assert_eq!(first, [Some(json!(ids[1])), Some(json!(ids[3])), None]);
    let odd = client.request(Method::GET, "models?limit=2").send().await.expect("an answer").text().await;
    assert_eq!(odd.expect("text").matches("NaN").count(), 2, "one entry, and the answer itself");
}

#[tokio::test]
async fn large_answers_are_json() {
    let emulator = with(Route::Models, Fault::Padded(60 << 20)).await;
    let mut answer = Client::new(&emulator).request(Method::GET, "models").send().await.expect("an answer");
    let (mut len, mut end) = (0, 0);
    while let Some(chunk) = answer.chunk().await.expect("comes whole") {
        len += chunk.len();
        end = *chunk.last().expect("not empty");
    }
    assert!(len > 60 << 20 && end == b'}', "{len}");
}

/// Asks twice for the file of a job: wholly, then for a part. The fault strikes the second request.
async fn part(
    validator: Validator,
    fault: FileFault,
    range: &str,
) -> (Vec<u8>, reqwest::header::HeaderMap, u16, Vec<u8>) {
    let faults = Faults::none().nth(Route::File, 2, Fault::File(fault));
    let emulator = builder().validator(validator).media_bytes(20_000).faults(faults).start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let url = client.result(&id).await["output"]["video"].as_str().expect("a URL").to_owned();
    let whole = client.http.get(&url).send().await.expect("an answer");
    let known = whole.headers().get("etag").or(whole.headers().get("last-modified")).cloned();
    let whole = whole.bytes().await.expect("a body").to_vec();
    let mut request = client.http.get(&url).header(RANGE, range);
    if let Some(known) = known {
        request = request.header(IF_RANGE, known);
    }
    let answer = request.send().await.expect("an answer");
    let (headers, status) = (answer.headers().clone(), answer.status().as_u16());
    (whole, headers, status, answer.bytes().await.expect("a body").to_vec())
}

#[tokio::test]
async fn parts_are_not_what_their_headers_say() {
    for (fault, start, len, range) in [
        (FileFault::NoContentRange, 10_000, None, ""),
        (FileFault::WrongStart, 10_000, None, "bytes 10001-{end}/{len}"),
        (FileFault::WrongTotal, 10_000, None, "bytes 10000-{last}/{more}"),
        (FileFault::UnknownTotal, 10_000, None, "bytes 10000-{last}/*"),
        (FileFault::ShortPart, 10_000, Some(10), "bytes 10000-10009/*"),
        (FileFault::FromStart, 0, Some(6000), "bytes 0-5999/*"),
    ] {
        let (whole, headers, status, bytes) = part(Validator::Strong, fault, "bytes=10000-").await;
        let (end, last, more) = (whole.len(), whole.len() - 1, whole.len() + 1);
        let expected = range
            .replace("{end}", &end.to_string())
            .replace("{last}", &last.to_string())
            .replace("{len}", &end.to_string())
            .replace("{more}", &more.to_string());
        let seen = headers.get(CONTENT_RANGE).map_or("", |value| value.to_str().expect("text"));
        assert_eq!((status, seen), (206, expected.as_str()), "{fault:?}");
        assert!(bytes == whole[start..len.map_or(end, |len| start + len)], "{fault:?}");
    }
    let (whole, _, status, bytes) = part(Validator::Strong, FileFault::IgnoresRange, "bytes=10000-").await;
    assert!(status == 200 && bytes == whole);
    for (fault, name, value) in [
        (FileFault::Encoding("gzip"), "content-encoding", "gzip"),
        (FileFault::Type("text/html"), "content-type", "text/html"),
    ] {
        let (_, headers, _, _) = part(Validator::Strong, fault, "bytes=10000-").await;
        assert_eq!(headers[name], value);
    }
}

#[tokio::test]
async fn a_text_comes_as_a_film_and_another_version_without_its_tag() {
    let (_, headers, status, bytes) = part(Validator::Strong, FileFault::Text, "bytes=10000-").await;
    assert_eq!(
        (status, &headers["content-type"], headers.get("etag")),
        (200, &"video/mp4".parse().expect("a type"), None)
    );
    assert!(bytes.starts_with(b"the file is not ready"));
    let (whole, headers, status, bytes) = part(Validator::Strong, FileFault::Untagged, "bytes=10000-").await;
    assert_eq!(
        (status, headers.get("etag"), &headers["last-modified"]),
        (206, None, &"Thu, 01 Jan 1970 00:01:00 GMT".parse().expect("a date"))
    );
    assert!(bytes.len() == whole.len() - 10_000 && bytes != whole[10_000..]);
}

#[tokio::test]
async fn a_file_that_changed_is_told_by_strong_validators_only() {
    let (whole, _, status, bytes) = part(Validator::Strong, FileFault::Changed, "bytes=10000-").await;
    assert!(status == 200 && bytes.len() == whole.len() && bytes != whole);
    for validator in [Validator::Weak, Validator::LastModified, Validator::None] {
        let (whole, headers, status, bytes) = part(validator, FileFault::Changed, "bytes=10000-").await;
        assert_eq!(status, 206, "{validator:?}");
        assert!(bytes.len() == whole.len() - 10_000 && bytes != whole[10_000..], "{validator:?}");
        let weak = headers.get("etag").is_some_and(|tag| tag.as_bytes().starts_with(b"W/"));
        let seen = (weak, headers.contains_key("last-modified"));
        assert_eq!(seen, (validator == Validator::Weak, validator == Validator::LastModified));
    }
}

#[tokio::test]
async fn files_are_cut_each_time_redirected_and_told_apart_by_their_query() {
    let faults = Faults::none().nth(Route::File, 1, Fault::CutAt(6000)).nth(Route::File, 2, Fault::CutAt(6000)).nth(
        Route::File,
        3,
        Fault::RedirectTo(302, "https://cdn.example.com/f.mp4"),
    );
    let emulator = builder().media_bytes(20_000).faults(faults).start().await.expect("starts");
    let client = Client::new(&emulator);
    let id = client.submit(1).await;
    emulator.advance(TIME);
    let url = client.result(&id).await["output"]["video"].as_str().expect("a URL").to_owned();
    for range in ["bytes=0-", "bytes=6000-"] {
        let mut answer = client.http.get(&url).header(RANGE, range).send().await.expect("an answer");
        let mut came = 0;
        while let Ok(Some(chunk)) = answer.chunk().await {
            came += chunk.len();
        }
        assert_eq!(came, 6000);
    }
    let moved = client.http.get(&url).send().await.expect("an answer");
    assert_eq!(moved.headers()[LOCATION], "https://cdn.example.com/f.mp4");
    let mut files = Vec::new();
    for query in ["?filename=A", "?filename=B", "?filename=A"] {
        let file = client.http.get(format!("{url}{query}")).send().await.expect("an answer");
        files.push(file.bytes().await.expect("a body"));
    }
    assert!(files[0] == files[2] && files[0] != files[1]);
}

#[tokio::test]
async fn every_oddity_strikes_every_route_that_answers_json() {
    for oddity in Oddity::ALL {
        let mut faults = Faults::none();
        for route in Route::ALL {
            faults = faults.nth(route, 1, Fault::OddJson(oddity));
        }
        let emulator = builder().start().await.expect("starts");
        let client = Client::new(&emulator);
        let id = client.submit(1).await;
        emulator.advance(TIME);
        emulator.set_faults(faults).expect("good faults");
        let requests = [
            (Method::POST, format!("models/{MODEL}")),
            (Method::GET, format!("requests/{id}/status")),
            (Method::GET, format!("requests/{id}/result")),
            (Method::POST, format!("requests/{id}/cancel")),
            (Method::GET, "models".to_owned()),
            (Method::GET, format!("models/{MODEL}")),
        ];
        for (method, path) in requests {
            let answer = client.request(method, &path).json(&body(1)).send().await.expect("an answer");
            let text = answer.bytes().await.expect("whole");
            let is_json = serde_json::from_slice::<Value>(&text).is_ok();
            assert_eq!(is_json, oddity == Oddity::RepeatedKey, "{oddity:?} {path} {text:?}");
        }
    }
}

#[tokio::test]
async fn nothing_is_lost_or_paid_twice_among_hostile_faults() {
    let emulator = builder().seed(7).faults(Faults::hostile()).workers(50).start().await.expect("starts");
    emulator.refuse_connections(false).await;
    let client = Client::new(&emulator);
    for seed in 0..200 {
        let path = format!("models/{MODEL}");
        let sent = client.request(Method::POST, &path).json(&body(seed)).send().await;
        let certain = match sent {
            Ok(answer) => answer.text().await.is_ok_and(|text| serde_json::from_str::<Value>(&text).is_ok()),
            Err(_) => false,
        };
        let account = emulator.account();
        let submission = account.submissions().last().expect("one");
        assert!(certain || submission.ambiguous, "a doubt without a reason: {submission:?}");
        assert_eq!(submission.marker, Some(json!(seed)));
    }
}
