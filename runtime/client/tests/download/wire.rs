//! Faults of the connection and of the server.

use std::fs;
use std::time::Duration;

use runcomfy_client::{DownloadErrorKind, Json};

use super::server::{Answer, Request, Served, Server, answer};
use super::{body, build, folder, local, names, part_in, plain_names};

const FILE: Served<'static> = Served { body: b"\x00123456789abcdefghij", etag: "\"v1\"" };

#[tokio::test]
async fn a_whole_file_comes_without_token_cookie_or_referrer() {
    let server = Server::start(|_, request| match request.path() {
        "/old" => answer("302 Found", &[("Location", "/film.mp4"), ("Set-Cookie", "a=b")], b""),
        _ => FILE.answer(request),
    })
    .await;
    let folder = folder();
    let saved = build(local()).download(&server.url("/old"), folder.path().join("film.mp4")).await.expect("a file");
    assert_eq!(fs::read(&saved.path).expect("a file"), FILE.body);
    assert_eq!(saved.bytes, 20);
    assert_eq!(names(folder.path()), ["film.mp4"], "no partial file, no note");
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "a redirect on the same host is followed");
    for request in seen {
        for header in ["authorization", "cookie", "referer"] {
            assert_eq!(request.header(header), None, "{header}");
        }
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
}

#[tokio::test]
async fn a_cut_body_is_continued_where_it_ended() {
    let server = Server::start(|count, request| match count {
        0 => FILE.answer(request).short_by(8),
        1 => FILE.answer(request).short_by(3),
        _ => FILE.answer(request),
    })
    .await;
    let folder = folder();
    let saved =
        build(local().max_retries(1)).download(&server.url("/x"), folder.path().join("x")).await.expect("a file");
    assert_eq!(fs::read(saved.path).expect("a file"), FILE.body);
    let ranges: Vec<_> = server.seen().iter().map(|request| request.header("range").map(str::to_owned)).collect();
    assert_eq!(ranges, [None, Some("bytes=12-".into()), Some("bytes=17-".into())], "progress renews the patience");
    assert_eq!(server.seen()[1].header("if-range"), Some("\"v1\""));
}

#[tokio::test]
async fn another_program_continues_what_one_left() {
    let server = Server::start(|count, request| match count {
        0 => FILE.answer(request).short_by(5),
        _ => FILE.answer(request),
    })
    .await;
    let folder = folder();
    let url = Json::from(server.url("/film.mp4?signature=secret"));
    let error = build(local()).download_all(&url, folder.path()).await.expect_err("a cut body");
    assert!(matches!(error.kind(), DownloadErrorKind::Connection(_)), "{error}");
    assert!(error.is_retryable());
    assert_eq!(error.path(), Some(&*part_in(folder.path())));
    assert!(error.to_string().contains("what has arrived is kept"), "{error}");
    assert_eq!(plain_names(folder.path()), ["film.mp4.part", "film.mp4.part.json"]);
    let note = fs::read_to_string(part_in(folder.path()).with_extension("part.json")).expect("a note");
    assert!(!format!("{note}{error}{error:?}").contains("secret"), "signatures are kept nowhere: {note} {error:?}");

    let saved = build(local()).download_all(&url, folder.path()).await.expect("the rest");
    assert_eq!(server.seen()[1].header("range"), Some("bytes=15-"));
    assert_eq!(fs::read(&saved[0].path).expect("a file"), FILE.body);
    assert_eq!(names(folder.path()), ["film.mp4"]);
}

#[tokio::test]
async fn a_part_that_is_whole_already_only_gets_its_name() {
    let server = Server::start(|count, request| match count {
        0 => FILE.answer(request).short_by(1),
        _ => FILE.answer(request),
    })
    .await;
    let folder = folder();
    let (url, path) = (server.url("/x"), folder.path().join("x"));
    build(local()).download(&url, &path).await.expect_err("a cut body");
    fs::write(part_in(folder.path()), FILE.body).expect("the last byte");
    build(local()).download(&url, &path).await.expect("a whole file");
    assert_eq!(fs::read(path).expect("a file"), FILE.body);
}

/// What becomes of a download whose first 10 bytes are there when `second` answers.
async fn resumed(second: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> (Vec<u8>, Vec<Request>) {
    let server = Server::start(move |count, request| match count {
        0 => FILE.answer(request).short_by(10),
        _ => second(count, request),
    })
    .await;
    let folder = folder();
    let saved =
        build(local().max_retries(2)).download(&server.url("/x"), folder.path().join("x")).await.expect("a file");
    (fs::read(saved.path).expect("a file"), server.seen())
}

const CHANGED: Served<'static> = Served { body: b"QWERTYUIOPASDFGHJKLZXCVBNM", etag: "\"v2\"" };

#[tokio::test]
async fn a_changed_etag_starts_the_file_anew() {
    let (file, seen) = resumed(|_, request| CHANGED.answer(request)).await;
    assert_eq!(file, CHANGED.body);
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn a_server_that_ignores_if_range_can_not_mix_two_versions() {
    let (file, seen) = resumed(|count, request| match count {
        1 => CHANGED.part(10),
        _ => CHANGED.answer(request),
    })
    .await;
    assert_eq!(file, CHANGED.body);
    assert_eq!(seen[2].header("range"), None);
}

#[tokio::test]
async fn a_server_that_sends_another_range_can_not_leave_a_hole() {
    let (file, seen) = resumed(|count, request| match count {
        1 => FILE.part(12),
        _ => FILE.answer(request),
    })
    .await;
    assert_eq!(file, FILE.body);
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn a_new_version_that_is_shorter_starts_anew() {
    let short = Served { body: b"abc", etag: "\"v2\"" };
    let (file, _) = resumed(move |_, request| short.answer(request)).await;
    assert_eq!(file, b"abc");
}

#[tokio::test]
async fn a_file_without_a_strong_version_starts_anew() {
    let server = Server::start(|count, _| {
        let whole = answer("200 OK", &[("ETag", "W/\"weak\"")], FILE.body);
        if count == 0 { whole.short_by(5) } else { whole }
    })
    .await;
    let folder = folder();
    let saved =
        build(local().max_retries(1)).download(&server.url("/x"), folder.path().join("x")).await.expect("a file");
    assert_eq!(fs::read(saved.path).expect("a file"), FILE.body);
    assert_eq!(server.seen()[1].header("range"), None, "nothing says that it is the same file");
}

#[tokio::test]
async fn a_body_that_stands_still_is_continued() {
    let server = Server::start(|count, request| match count {
        0 => FILE.answer(request).short_by(8).then_silence(),
        _ => FILE.answer(request),
    })
    .await;
    let folder = folder();
    let impatient = build(local().read_timeout(Duration::from_secs(1)).max_retries(1));
    let saved = impatient.download(&server.url("/x"), folder.path().join("x")).await.expect("a file");
    assert_eq!(fs::read(saved.path).expect("a file"), FILE.body);
    assert_eq!(server.seen()[1].header("range"), Some("bytes=12-"));
}

#[tokio::test(start_paused = true)]
async fn bytes_that_drip_are_no_progress() {
    let content: &[u8] = body(4000).leak();
    let file = Served { body: content, etag: "\"v1\"" };
    let server = Server::start(move |_, request| file.answer(request).slowly()).await;
    let folder = folder();
    let patient = build(local().read_timeout(Duration::from_secs(1)).max_retries(2));
    let error = patient.download(&server.url("/x"), folder.path().join("x")).await.expect_err("it drips");
    assert!(error.to_string().contains("bytes came in"), "{error}");
    assert_eq!(server.seen().len(), 3, "each try brings some, and none renews the patience");
    assert!(server.seen()[2].header("range").is_some(), "what came is kept");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_refused_and_the_host_hears_nothing() {
    let other = Server::start(|_, request| FILE.answer(request)).await;
    let elsewhere = format!("http://localhost:{}/film.mp4", other.port);
    let server = Server::start(move |_, _| answer("302 Found", &[("Location", &elsewhere)], b"")).await;
    let folder = folder();
    let error =
        build(local().max_retries(3)).download(&server.url("/x"), folder.path().join("x")).await.expect_err("refused");
    assert!(matches!(error.kind(), DownloadErrorKind::HostNotAllowed { host } if host == "localhost"), "{error:?}");
    assert!(!error.is_retryable());
    assert!(other.seen().is_empty());
    assert_eq!(names(folder.path()), [""; 0], "nothing came, so nothing is left");
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = Server::start(|_, _| answer("302 Found", &[("Location", "/x")], b"")).await;
    let error = build(local()).download(&server.url("/x"), folder().path().join("x")).await.expect_err("no file");
    assert!(error.to_string().contains("too many redirects"), "{error}");
    assert!(server.seen().len() < 10);
}

#[tokio::test]
async fn a_host_that_is_not_allowed_hears_nothing() {
    let server = Server::start(|_, request| FILE.answer(request)).await;
    let url = format!("http://localhost:{}/film.mp4", server.port);
    let downloader = build(local());
    let error = downloader.download(&url, folder().path().join("x")).await.expect_err("another host");
    assert!(error.to_string().contains("`localhost` is not one of RunComfy's"), "{error}");
    let output = serde_json::json!({"video": url, "licence": "https://example.com/licence"});
    downloader.download_all(&output, folder().path()).await.expect_err("under a key for media, it is an error");
    let output = serde_json::json!({"clip": url, "licence": "https://example.com/licence"});
    let error = downloader.download_all(&output, folder().path()).await.expect_err("a film and no other file");
    assert_eq!(error.place(), Some("output.clip"));
    let output = serde_json::json!({"clip": url, "audio": "data:audio/wav;base64,UklGRgAAAAA="});
    assert_eq!(downloader.download_all(&output, folder().path()).await.expect("the sound").len(), 1);
    let output = serde_json::json!({"licence": url.replace("film.mp4", "licence")});
    assert_eq!(downloader.download_all(&output, folder().path()).await.expect("nothing to do"), []);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_file_above_the_limit_is_not_kept() {
    let declared = Server::start(|_, request| FILE.answer(request)).await;
    let chunked = Server::start(|_, _| {
        answer("200 OK", &[("Transfer-Encoding", "chunked")], b"14\r\n0123456789abcdefghij\r\n0\r\n\r\n")
    })
    .await;
    let folder = folder();
    for server in [&declared, &chunked] {
        let downloader = build(local().max_retries(3).max_bytes(19));
        let error = downloader.download(&server.url("/x"), folder.path().join("x")).await.expect_err("too large");
        assert!(matches!(error.kind(), DownloadErrorKind::TooLarge { limit: 19 }), "{error:?}");
        assert_eq!(names(folder.path()), [""; 0]);
        assert_eq!(server.seen().len(), 1, "more tries make it no smaller");
    }
    build(local().max_bytes(20))
        .download(&declared.url("/x"), folder.path().join("x"))
        .await
        .expect("just small enough");
}

#[tokio::test]
async fn an_expired_file_says_so_and_leaves_nothing() {
    for status in ["404 Not Found", "410 Gone"] {
        let server = Server::start(move |_, _| answer(status, &[], b"<html>")).await;
        let folder = folder();
        let error =
            build(local().max_retries(3)).download(&server.url("/x"), folder.path().join("x")).await.expect_err(status);
        assert!(matches!(error.kind(), DownloadErrorKind::NotFound), "{error:?}");
        assert!(error.to_string().contains("expire"), "{error}");
        assert_eq!(server.seen().len(), 1);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

#[tokio::test]
async fn a_refusal_is_no_file_and_a_busy_server_is_asked_again() {
    let server = Server::start(|_, _| answer("403 Forbidden", &[], b"<html>")).await;
    let error =
        build(local().max_retries(3)).download(&server.url("/x"), folder().path().join("x")).await.expect_err("403");
    assert!(matches!(error.kind(), DownloadErrorKind::Status(403)), "{error:?}");
    assert_eq!(server.seen().len(), 1);

    let server = Server::start(|count, request| match count {
        0 => answer("503 Service Unavailable", &[("Retry-After", "0")], b""),
        1 => answer("429 Too Many Requests", &[], b""),
        _ => FILE.answer(request),
    })
    .await;
    build(local().max_retries(3)).download(&server.url("/x"), folder().path().join("x")).await.expect("a file");

    let server = Server::start(|_, _| answer("503 Service Unavailable", &[("Retry-After", "3600")], b"")).await;
    let error =
        build(local().max_retries(3)).download(&server.url("/x"), folder().path().join("x")).await.expect_err("503");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)), "{error}");
    assert_eq!(server.seen().len(), 1, "not before it may");
    let date = [("Date", "Wed, 21 Oct 2099 06:28:00 GMT"), ("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT")];
    let server = Server::start(move |_, _| answer("429 Too Many Requests", &date, b"")).await;
    let error =
        build(local().max_retries(3)).download(&server.url("/x"), folder().path().join("x")).await.expect_err("429");
    assert!(error.retry_after().is_some_and(|wait| wait >= Duration::from_secs(3600)), "{error}");
    assert_eq!(server.seen().len(), 1, "a date is a wait too");
}

#[tokio::test]
async fn progress_starts_where_an_earlier_program_ended_and_reaches_the_total() {
    use std::sync::{Arc, Mutex};

    let large = body(300_000);
    let server = Server::start(move |count, request| {
        let answer = Served { body: &large, etag: "\"v1\"" }.answer(request);
        if count == 0 { answer.short_by(100_000) } else { answer }
    })
    .await;
    let folder = folder();
    let output = serde_json::json!({"videos": [server.url("/a.mp4")]});
    build(local()).download_all(&output, folder.path()).await.expect_err("a cut body");
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    let downloader = build(local()).on_progress(move |progress| {
        assert_eq!((progress.index, progress.count, progress.total), (0, 1, Some(300_000)));
        assert!(progress.path.ends_with("a.mp4"));
        log.lock().expect("a log").push(progress.received);
    });
    downloader.download_all(&output, folder.path()).await.expect("a file");
    let heard = heard.lock().expect("a log");
    assert_eq!((heard.first(), heard.last()), (Some(&200_000), Some(&300_000)));
    assert!(heard.is_sorted());
}
