//! Names that are taken.

use std::fs;

use runcomfy_client::{DownloadErrorKind, Json};

use super::server::{Served, Server, answer};
use super::{build, folder, local, names};

async fn server() -> Server {
    Server::start(|_, request| match request.path() {
        "/gone/film.mp4" => answer("404 Not Found", &[], b""),
        path => answer("200 OK", &[], path.as_bytes()),
    })
    .await
}

#[tokio::test]
async fn a_clash_of_names_picks_the_next_name_and_overwrites_nothing() {
    let server = server().await;
    let folder = folder();
    fs::write(folder.path().join("film.mp4"), "mine").expect("a file");
    let output = serde_json::json!([server.url("/a/film.mp4"), server.url("/b/film.mp4")]);
    let saved = build(local()).all(&output, folder.path()).await.expect("two files");
    assert_eq!(names(folder.path()), ["film-1.mp4", "film-2.mp4", "film.mp4"]);
    assert_eq!(fs::read(folder.path().join("film.mp4")).expect("a file"), b"mine");
    assert_eq!(fs::read(&saved[1].path).expect("a file"), b"/b/film.mp4");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_at_once_never_share_a_name() {
    let server = server().await;
    let folder = folder();
    let downloader = build(local());
    let all = (0..30).map(|job| {
        let (downloader, path) = (downloader.clone(), folder.path().to_owned());
        let url = server.url(&format!("/{job}/film.mp4"));
        tokio::spawn(async move { (job, downloader.all(&Json::from(url), path).await.expect("a file")) })
    });
    for one in all.collect::<Vec<_>>() {
        let (job, saved) = one.await.expect("no panic");
        assert_eq!(fs::read_to_string(&saved[0].path).expect("a file"), format!("/{job}/film.mp4"));
    }
    assert_eq!(names(folder.path()).len(), 30, "no partial files, no notes");
}

#[tokio::test]
async fn a_file_that_only_looks_like_a_note_is_left_alone() {
    let server = server().await;
    for mine in ["mine", r#"{"mine": 1}"#] {
        let folder = folder();
        let note = folder.path().join("film.mp4.part.json");
        fs::write(&note, mine).expect("a file");
        build(local()).all(&Json::from(server.url("/film.mp4")), folder.path()).await.expect("another name");
        assert_eq!(names(folder.path()), ["film-1.mp4", "film.mp4.part.json"]);
        assert_eq!(fs::read_to_string(&note).expect("a file"), mine);
    }
}

#[tokio::test]
async fn a_path_that_exists_is_an_error_before_anything_is_asked() {
    let server = server().await;
    let folder = folder();
    let path = folder.path().join("mine.mp4");
    fs::write(&path, "mine").expect("a file");
    let error = build(local()).file(&server.url("/film.mp4"), &path).await.expect_err("taken");
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
        Served { body: b"film", etag: "\"1\"" }.answer(request)
    })
    .await;
    let url = server.url("/film.mp4");
    let error = build(local()).file(&url, &path).await.expect_err("taken");
    assert!(matches!(error.kind(), DownloadErrorKind::Exists), "{error:?}");
    assert_eq!(fs::read(&path).expect("a file"), b"mine");
    assert_eq!(names(folder.path()), ["film.mp4", "film.mp4.part", "film.mp4.part.json"], "what was paid for is kept");
    let saved = build(local()).all(&Json::from(url), folder.path()).await.expect("another name");
    assert!(saved[0].path.ends_with("film-1.mp4"));
}

#[tokio::test]
async fn parts_of_other_files_and_of_other_programs_are_left_alone() {
    let server = server().await;
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("film.mp4.part", "a browser's");
    write("film-1.mp4.part", "of another URL");
    write("film-1.mp4.part.json", r#"{"url": "https://example.com/film.mp4", "validator": null}"#);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/dev/null", folder.path().join("film-2.mp4.part")).expect("a link");
    let saved = build(local()).all(&Json::from(server.url("/film.mp4")), folder.path()).await.expect("a file");
    assert!(saved[0].path.ends_with(if cfg!(unix) { "film-3.mp4" } else { "film-2.mp4" }));
    assert_eq!(fs::read(folder.path().join("film.mp4.part")).expect("a file"), b"a browser's");
    assert_eq!(fs::read(folder.path().join("film-1.mp4.part")).expect("a file"), b"of another URL");
}

#[tokio::test]
async fn no_url_leads_out_of_the_folder() {
    let server = server().await;
    let folder = folder();
    let inner = folder.path().join("out");
    let output = serde_json::json!([
        server.url("/..%2f..%2fpwned.png"),
        server.url("/a/%2e%2e%5cpwned.png"),
        server.url("/a//"),
        server.url("/CON.png"),
    ]);
    let saved = build(local()).all(&output, &inner).await.expect("four files");
    assert_eq!(names(folder.path()), ["out"]);
    assert_eq!(names(&inner).len(), saved.len());
    assert!(saved.iter().all(|file| file.path.parent() == Some(&*inner)), "{saved:?}");
}

#[tokio::test]
async fn a_failed_file_tells_which_ones_were_saved_before() {
    let server = server().await;
    let folder = folder();
    let output = serde_json::json!({"videos": [server.url("/a/film.mp4"), server.url("/gone/film.mp4")]});
    let error = build(local()).all(&output, folder.path()).await.expect_err("the second is gone");
    assert_eq!(error.saved().len(), 1);
    assert_eq!(names(folder.path()), ["film.mp4"]);
    assert_eq!(fs::read(&error.saved()[0].path).expect("a file"), b"/a/film.mp4");
}
