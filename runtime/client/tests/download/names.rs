//! Names that are taken.

use std::fs;
use std::sync::{Arc, Mutex};

use runcomfy_client::{Client, DownloadErrorKind, FileToName, Json};
use serde_json::json;

use super::server::{Served, Server, answer};
use super::{build, folder, local, names, part_in, plain_names};

async fn server() -> Server {
    Server::start(|_, request| match request.path() {
        "/gone/film.mp4" => answer("404 Not Found", &[], b""),
        path => answer("200 OK", &[], &[b"\0", path.as_bytes()].concat()),
    })
    .await
}

#[tokio::test]
async fn a_clash_of_names_picks_the_next_name_and_overwrites_nothing() {
    let server = server().await;
    let folder = folder();
    fs::write(folder.path().join("film.mp4"), "mine").expect("a file");
    let output = json!([server.url("/a/film.mp4"), server.url("/b/film.mp4")]);
    let saved = build(local()).download_all(&output, folder.path()).await.expect("two files");
    assert_eq!(names(folder.path()), ["film-1.mp4", "film-2.mp4", "film.mp4"]);
    assert_eq!(fs::read(folder.path().join("film.mp4")).expect("a file"), b"mine");
    assert_eq!(fs::read(&saved[1].path).expect("a file"), b"\0/b/film.mp4");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_at_once_never_share_a_name() {
    let server = server().await;
    let folder = folder();
    let downloader = build(local());
    let all = (0..30).map(|job| {
        let (downloader, path) = (downloader.clone(), folder.path().to_owned());
        let url = server.url(&format!("/{job}/film.mp4"));
        tokio::spawn(async move { (job, downloader.download_all(&Json::from(url), path).await.expect("a file")) })
    });
    for one in all.collect::<Vec<_>>() {
        let (job, saved) = one.await.expect("no panic");
        assert_eq!(fs::read_to_string(&saved[0].path).expect("a file"), format!("\0/{job}/film.mp4"));
    }
    assert_eq!(names(folder.path()).len(), 30, "no partial files, no notes");
}

#[tokio::test]
async fn a_file_that_only_looks_like_a_note_is_left_alone() {
    let server = server().await;
    let url = Json::from(server.url("/film.mp4"));
    let digest = digest(&server.url("/film.mp4")).await;
    for mine in ["mine", r#"{"mine": 1}"#] {
        let folder = folder();
        let note = folder.path().join(format!("film.mp4.{digest}.part.json"));
        fs::write(&note, mine).expect("a file");
        build(local()).download_all(&url, folder.path()).await.expect("a file");
        assert_eq!(plain_names(folder.path()), ["film.mp4", "film.mp4.part.json"]);
        assert_eq!(fs::read_to_string(&note).expect("a file"), mine);
    }
}

/// The digest in the names of the partial files of a URL.
async fn digest(url: &str) -> String {
    let folder = folder();
    let path = folder.path().to_owned();
    let heard = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&heard);
    let downloader = build(local()).on_progress(move |_| {
        let part = part_in(&path);
        let name = part.file_name().expect("a name").to_string_lossy().into_owned();
        *log.lock().expect("a log") = name.split('.').nth_back(1).unwrap_or_default().to_owned();
    });
    downloader.download_all(&Json::from(url), folder.path()).await.expect("a file");
    let digest = heard.lock().expect("a log").clone();
    assert_eq!(digest.len(), 16);
    digest
}

#[tokio::test]
async fn a_path_that_exists_is_an_error_before_anything_is_asked() {
    let server = server().await;
    let folder = folder();
    let path = folder.path().join("mine.mp4");
    fs::write(&path, "mine").expect("a file");
    let error = build(local()).download(&server.url("/film.mp4"), &path).await.expect_err("taken");
    assert!(matches!(error.kind(), DownloadErrorKind::Exists), "{error:?}");
    assert!(error.to_string().starts_with(&path.display().to_string()), "the file is named: {error}");
    assert!(server.seen().is_empty());
    assert_eq!(fs::read(path).expect("a file"), b"mine");
}

#[tokio::test]
async fn a_file_that_appears_meanwhile_is_not_overwritten() {
    let folder = folder();
    let path = folder.path().join("film.mp4");
    let rival = path.clone();
    let server = Server::start(move |_, request| {
        fs::write(&rival, "mine").expect("a file");
        Served { body: b"\0film", etag: "\"1\"" }.answer(request)
    })
    .await;
    let url = server.url("/film.mp4");
    let error = build(local()).download(&url, &path).await.expect_err("taken");
    assert!(matches!(error.kind(), DownloadErrorKind::Exists), "{error:?}");
    assert_eq!(fs::read(&path).expect("a file"), b"mine");
    assert_eq!(
        plain_names(folder.path()),
        ["film.mp4", "film.mp4.part", "film.mp4.part.json"],
        "what was paid for is kept"
    );
    let saved = build(local()).download_all(&Json::from(url), folder.path()).await.expect("another name");
    assert!(saved[0].path.ends_with("film-1.mp4"));
}

#[tokio::test]
async fn parts_of_other_files_and_of_other_programs_are_left_alone() {
    let server = server().await;
    let folder = folder();
    let digest = digest(&server.url("/film.mp4")).await;
    let path = |name: &str| folder.path().join(name.replace("DIGEST", &digest));
    let foreign = [
        ("film.mp4.part", "a browser's"),
        ("film.mp4.DIGEST.part", "without a note"),
        ("film.mp4.DIGEST-1.part", "of another URL"),
        ("film.mp4.DIGEST-1.part.json", r#"{"url": "https://example.com/film.mp4", "version": "\"1\""}"#),
    ];
    for (name, text) in foreign {
        fs::write(path(name), text).expect("a file");
    }
    let saved = build(local()).download_all(&Json::from(server.url("/film.mp4")), folder.path()).await.expect("a file");
    assert!(saved[0].path.ends_with("film.mp4"));
    for (name, text) in foreign {
        assert_eq!(fs::read_to_string(path(name)).expect("a file"), text);
    }
    assert_eq!(names(folder.path()).len(), 5);
}

#[tokio::test]
async fn no_url_leads_out_of_the_folder() {
    let server = server().await;
    let folder = folder();
    let inner = folder.path().join("out");
    let output = json!([
        server.url("/..%2f..%2fpwned.png"),
        server.url("/a/%2e%2e%5cpwned.png"),
        server.url("/a//"),
        server.url("/CON.png"),
    ]);
    let saved = build(local()).download_all(&output, &inner).await.expect("four files");
    assert_eq!(names(folder.path()), ["out"]);
    assert_eq!(names(&inner).len(), saved.len());
    assert!(saved.iter().all(|file| file.path.parent() == Some(&*inner)), "{saved:?}");
}

#[tokio::test]
async fn a_file_that_fails_stops_no_other_and_its_error_tells_which_were_saved() {
    let server = Server::start(|_, request| match request.path() {
        "/gone.mp4" => answer("404 Not Found", &[], b""),
        "/page.png" => answer("200 OK", &[("Content-Type", "text/html")], b"<html>busy</html>"),
        path => answer("200 OK", &[], &[b"\0", path.as_bytes()].concat()),
    })
    .await;
    let (film, image) = (server.url("/film.mp4"), server.url("/image.png"));
    let elsewhere = "https://example.com/a";
    let mut outputs = Vec::new();
    for (key, bad) in [
        ("videos", server.url("/gone.mp4")),
        ("videos", elsewhere.to_owned()),
        ("videos", "data:video/mp4;base64,@@".to_owned()),
        ("videos", "/files/relative.mp4".to_owned()),
        ("videos", "data:,".to_owned()),
        ("images", server.url("/page.png")),
    ] {
        let good = if key == "images" { &image } else { &film };
        outputs.extend([json!({key: [bad, good]}), json!({key: [good, bad]}), json!({"url": bad, key: good})]);
    }
    outputs.push(json!({"url": elsewhere, "video": film, "videos": [server.url("/gone.mp4")]}));
    for output in outputs {
        let folder = folder();
        let error = build(local()).download_all(&output, folder.path()).await.expect_err("one of them is bad");
        let saved: Vec<_> = error.saved().iter().map(|file| file.path.clone()).collect();
        assert_eq!(saved.len(), 1, "{output}: {error}");
        assert!(error.to_string().ends_with(&format!("; saved all the same: {}", saved[0].display())), "{error}");
        assert!(fs::read(&saved[0]).expect("a file").starts_with(b"\0/"), "{output}");
        assert_eq!(names(folder.path()).len(), 1, "{output}: nothing but what is whole");
    }
    let folder = folder();
    let output = json!([server.url("/gone.mp4"), elsewhere]);
    let error = build(local()).download_all(&output, folder.path()).await.expect_err("both are bad");
    assert!(matches!(error.kind(), DownloadErrorKind::NotFound), "the first: {error}");
}

#[tokio::test]
async fn a_template_or_a_function_says_whose_a_file_is() {
    let server = server().await;
    let folder = folder();
    let client = Client::builder().base_url(server.url("/v1")).token("t").build().expect("a client");
    let output = json!({"videos": [server.url("/a/0.mp4"), server.url("/b/0.mp4")]});
    let job = client.untyped_job("r-1").expect("a job");
    let downloader = client.downloader().names("{job}-{index}.{extension}").expect("a template");
    let error = downloader.download_all(&output, folder.path()).await.expect_err("whose?");
    assert!(error.to_string().contains("for_job"), "{error}");
    assert!(server.seen().is_empty(), "nothing is fetched that can't be named");
    downloader.for_job(&job).download_all(&output, folder.path()).await.expect("two files");
    let hook = |file: &FileToName<'_>| format!("../{}/{}.{}", file.job.unwrap_or("nobody"), file.name, file.extension);
    client.downloader().name_with(hook).download_all(&output, folder.path()).await.expect("two files");
    assert_eq!(names(folder.path()), ["_nobody_0-1.mp4", "_nobody_0.mp4", "r-1-0.mp4", "r-1-1.mp4"]);
}
