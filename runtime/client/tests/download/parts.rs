//! What a download goes on with is the rest of the same file, or it begins anew.

use std::fs;

use runcomfy_client::{Json, SavedFile};

use super::promise::{fetched, refused};
use super::server::{Answer, Request, Served, Server, answer};
use super::{body, build, folder, local, names};

#[tokio::test]
async fn a_part_of_another_date_is_not_appended() {
    const DATE: (&str, &str) = ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
    const LATER: (&str, &str) = ("Last-Modified", "Wed, 21 Oct 2015 07:29:00 GMT");
    let (file, ..) = fetched("/f.mp4", move |count, request| match (count, request.header("range")) {
        (0, _) => answer("200 OK", &[("ETag", "\"v1\""), DATE], &[0; 1000]).short_by(600),
        (_, Some(_)) => part("bytes 400-999/1000", &[7; 600], &[LATER]),
        _ => answer("200 OK", &[("ETag", "\"v2\""), LATER], &[7; 1000]),
    })
    .await;
    assert_eq!(file.expect("a file"), [7; 1000]);
    let (file, _, asked) = fetched("/f.mp4", move |count, _| match count {
        0 => answer("200 OK", &[("ETag", "\"v1\""), DATE], &[0; 1000]).short_by(600),
        _ => part("bytes 400-999/1000", &[0; 600], &[DATE]),
    })
    .await;
    assert_eq!((file.expect("a file").len(), asked), (1000, 2), "the same date is the same file");
}

#[tokio::test]
async fn a_page_in_between_costs_nothing_that_has_arrived() {
    let film = body(1000);
    let served = film.clone();
    let (file, ..) = fetched("/f.mp4", move |count, request| match count {
        0 => Served { body: &served, etag: "\"v1\"" }.answer(request).short_by(400),
        1 => answer("200 OK", &[("Content-Type", "text/html")], b"<html>one moment</html>"),
        _ => {
            assert_eq!(request.header("range"), Some("bytes=600-"));
            Served { body: &served, etag: "\"v1\"" }.answer(request)
        }
    })
    .await;
    assert_eq!(file.expect("a file"), film);
}

/// A film of 1,000 bytes with a strong version, cut after 600.
fn first(request: &Request) -> Answer {
    Served { body: &body(1000), etag: "\"v1\"" }.answer(request).short_by(400)
}

pub(super) fn part(range: &str, bytes: &[u8], headers: &[(&str, &str)]) -> Answer {
    let range = [("Content-Range", range)];
    let headers = [headers, if range[0].1.is_empty() { &[] } else { &range }].concat();
    answer("206 Partial Content", &headers, bytes)
}

#[tokio::test]
async fn a_part_that_is_not_the_one_that_was_asked_for_is_not_appended() {
    type Trap = (&'static str, &'static [u8], &'static [(&'static str, &'static str)]);
    const BYTES: &[u8] = &[7; 2000];
    let traps: [Trap; 11] = [
        ("", &BYTES[..400], &[]),
        ("bytes 0-599/*", &BYTES[..600], &[]),
        ("bytes 600-609/500", &BYTES[..10], &[]),
        ("bytes 600-999/2000", &BYTES[..400], &[]),
        ("bytes 600-1999/2000", &BYTES[..1400], &[]),
        ("bytes 600-999/1000", &BYTES[..300], &[]),
        ("bytes 599-998/1000", &BYTES[..400], &[]),
        ("bytes 500-999/1000", &BYTES[..400], &[]),
        ("bytes 600-99/1000", &BYTES[..400], &[]),
        ("bytes 600-999/1000", &BYTES[..400], &[("ETag", "\"v2\"")]),
        ("bytes 600-999/1000", &BYTES[..400], &[("ETag", "W/\"v1\"")]),
    ];
    let mut all = tokio::task::JoinSet::new();
    for (range, bytes, headers) in traps {
        let ends = move |count: usize, request: &Request, last: Answer| match (count, request.header("range")) {
            (0, _) => first(request),
            (_, Some(_)) => part(range, bytes, headers),
            (_, None) => last,
        };
        let came = if range.is_empty() { "a part that does not say which" } else { range };
        // The server has nothing else to say, or gives the whole file to those who ask for it.
        all.spawn(async move {
            refused(range, "/f.mp4", ["the whole file", came], move |count, request| {
                ends(count, request, part(range, bytes, headers))
            })
            .await;
            let (file, left, _) = fetched("/f.mp4", move |count, request| {
                let whole = Served { body: &body(1000), etag: "\"v1\"" }.answer(request);
                ends(count, request, whole)
            })
            .await;
            assert_eq!(file.expect(range), body(1000), "{range}");
            assert_eq!(left, ["f.mp4"]);
        });
    }
    all.join_all().await;
}

#[tokio::test]
async fn parts_that_are_shorter_than_asked_for_add_up() {
    let (file, _, asked) = fetched("/f.mp4", |count, request| match count {
        0 => first(request),
        1 => part("bytes 600-609/*", &body(1000)[600..610], &[]),
        2 => part("bytes 610-699/1000", &body(1000)[610..700], &[]),
        _ => Served { body: &body(1000), etag: "\"v1\"" }.answer(request),
    })
    .await;
    assert_eq!(file.expect("a file"), body(1000));
    assert_eq!(asked, 4);
}

#[tokio::test]
async fn bytes_that_come_a_second_time_are_no_progress() {
    // Without ranges, and with ones that say nothing.
    for headers in [&[][..], &[("ETag", "\"v1\"")][..]] {
        let (result, left, asked) = fetched("/f.mp4", move |_, request| match request.header("range") {
            Some(_) => part("", &body(10), &[]),
            None => answer("200 OK", headers, &body(1000)).short_by(400),
        })
        .await;
        let error = result.map(|bytes| bytes.len()).expect_err("never whole");
        assert!(error.is_retryable(), "{error:?}");
        assert!(asked <= 5, "asked {asked} times");
        assert_eq!(left.is_empty(), headers.is_empty(), "kept only if it can be continued: {left:?}");
    }
}

#[tokio::test]
async fn a_total_is_not_forgotten_and_a_contradiction_does_not_last() {
    let versions: [&[(&str, &str)]; 3] =
        [&[], &[("ETag", "\"v1\"")], &[("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT")]];
    for headers in versions {
        let server = Server::start(move |count, request| match (count, request.header("range")) {
            (0, _) => answer("200 OK", headers, &body(1000)).short_by(400),
            (_, Some(_)) => answer("416 Range Not Satisfiable", &[("Content-Range", "bytes */700")], b""),
            _ => answer("200 OK", headers, &body(700)),
        })
        .await;
        let folder = folder();
        let fetch = || async {
            build(local().max_retries(2)).download_all(&Json::from(server.url("/f.mp4")), folder.path()).await
        };
        let error = fetch().await.expect_err("1,000 bytes were promised");
        assert!(error.to_string().contains("700 bytes instead of 1000 bytes"), "{error}");
        assert_eq!(names(folder.path()), [""; 0]);
        let saved: Vec<SavedFile> = fetch().await.expect("what the server says now");
        assert_eq!(saved[0].bytes, 700);
    }
}

#[tokio::test]
async fn another_query_is_another_file() {
    let server = Server::start(|count, request| match (count, request.path()) {
        (0, "/view.mp4?filename=A") => answer("200 OK", &[("ETag", "\"v1\"")], &[1; 1000]).short_by(600),
        (_, "/view.mp4?filename=B") if request.header("range").is_some() => part("bytes 400-999/1000", &[2; 600], &[]),
        (_, "/view.mp4?filename=B") => answer("200 OK", &[("ETag", "\"v1\"")], &[2; 1000]),
        _ => part("bytes 400-999/1000", &[1; 600], &[]),
    })
    .await;
    let folder = folder();
    let fetch = async |query: &str| build(local()).download_all(&Json::from(server.url(query)), folder.path()).await;
    fetch("/view.mp4?filename=A").await.expect_err("a cut body");
    let second = fetch("/view.mp4?filename=B").await.expect("a file");
    let first = fetch("/view.mp4?filename=A").await.expect("the rest");
    assert_eq!(fs::read(&second[0].path).expect("a file"), [2; 1000]);
    assert_eq!(fs::read(&first[0].path).expect("a file"), [1; 1000]);
    assert_eq!(server.seen().last().and_then(|request| request.header("range")), Some("bytes=400-"));
}

#[tokio::test]
async fn what_changed_within_the_second_of_its_date_is_not_continued() {
    const DATE: (&str, &str) = ("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
    for headers in [&[DATE][..], &[("ETag", "W/\"v1\""), DATE][..]] {
        let (file, ..) = fetched("/f.mp4", move |count, request| match (count, request.header("range")) {
            (0, _) => answer("200 OK", headers, &[1; 1000]).short_by(600),
            (_, Some(_)) => answer("206 Partial Content", &[("Content-Range", "bytes 400-999/1000")], &[2; 600]),
            _ => answer("200 OK", headers, &[2; 1000]),
        })
        .await;
        assert_eq!(file.expect("a file"), [2; 1000]);
    }
}
