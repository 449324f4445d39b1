//! Faults of the disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use runcomfy_client::{DownloadErrorKind, Json};

use super::server::{Served, Server};
use super::{body, build, folder, local, part_in, plain_names};

#[tokio::test]
async fn a_file_where_the_folder_should_be_is_named_with_a_remedy() {
    let server = Server::start(|_, request| Served { body: b"\0film", etag: "\"1\"" }.answer(request)).await;
    let folder = folder();
    let out = folder.path().join("out");
    fs::write(&out, "a file").expect("a file");
    for target in [out.clone(), out.join("deeper")] {
        let error =
            build(local()).download_all(&Json::from(server.url("/film.mp4")), &target).await.expect_err("no folder");
        assert!(matches!(error.kind(), DownloadErrorKind::Disk(_)), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with(&target.display().to_string()), "{text}");
        assert!(text.ends_with("a folder is needed here, and there is a file"), "{text}");
    }
    assert!(server.seen().is_empty(), "nothing is fetched that can't be kept");
}

/// Set for a program that may write files of 8 blocks of 512 bytes only.
const SMALL_DISK: &str = "RUNCOMFY_TEST_SMALL_DISK";

/// A full disk is hard to come by, a limit on the size of files is not, and it fails at the same place.
#[cfg(unix)]
#[test]
fn a_full_disk_keeps_the_part_and_says_how_to_go_on() {
    if std::env::var_os(SMALL_DISK).is_some() {
        return;
    }
    let folder = folder();
    let this = std::env::current_exe().expect("this program");
    let run = |script: &str| {
        let output = Command::new("sh")
            .args(["-c", script, "sh"])
            .arg(&this)
            .args(["--exact", "disk::writes_into_the_small_disk", "--nocapture"])
            .env(SMALL_DISK, folder.path())
            .output()
            .expect("a shell");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    };
    let (passed, text) = run("trap '' XFSZ; ulimit -f 8; exec \"$@\"");
    assert!(passed, "{text}");
    assert!(text.contains("/film.mp4, from http://127.0.0.1:"), "{text}");
    assert!(text.contains("free some space or choose another folder; what has arrived is kept where it can"), "{text}");
    assert_eq!(plain_names(folder.path()), ["film.mp4.part", "film.mp4.part.json"]);
    let part = fs::metadata(part_in(folder.path())).expect("a part");
    assert!((1..=8192).contains(&part.len()), "{} bytes", part.len());
}

/// The inner half of the test above.
#[tokio::test]
async fn writes_into_the_small_disk() {
    let Some(folder) = std::env::var_os(SMALL_DISK) else { return };
    let film = body(100_000);
    let server = Server::start(move |_, request| Served { body: &film, etag: "\"1\"" }.answer(request)).await;
    let error = build(local().max_retries(3))
        .download_all(&Json::from(server.url("/film.mp4")), folder)
        .await
        .expect_err("no room");
    assert!(matches!(error.kind(), DownloadErrorKind::Disk(_)), "{error:?}");
    assert_eq!(server.seen().len(), 1, "more tries make no room");
    #[expect(clippy::print_stdout, reason = "the outer half reads it")]
    {
        println!("{error}");
    }
}

/// Leaves a partial file, replaces it or its note by what `trap` makes, and downloads once more.
#[cfg(unix)]
async fn trapped(suffix: &str, trap: impl Fn(&Path)) {
    let film = body(1000);
    let served = film.clone();
    let server = Server::start(move |count, request| {
        let answer = Served { body: &served, etag: "\"1\"" }.answer(request);
        if count == 0 { answer.short_by(300) } else { answer }
    })
    .await;
    let (folder, outside) = (folder(), tempfile::tempdir().expect("a folder"));
    let url = Json::from(server.url("/film.mp4"));
    build(local()).download_all(&url, folder.path()).await.expect_err("a cut body");
    let mine = outside.path().join("mine");
    fs::write(&mine, "mine").expect("a file");
    let name = with_suffix(&part_in(folder.path()), suffix);
    fs::remove_file(&name).expect("a file");
    trap(&mine);
    let place = |from: &Path| fs::rename(from, &name).expect("a trap");
    place(&outside.path().join("trap"));
    let saved = build(local()).download_all(&url, folder.path()).await.expect("a file");
    assert_eq!(fs::read(&saved[0].path).expect("a file"), film);
    assert!(!fs::symlink_metadata(&saved[0].path).expect("a file").is_symlink());
    assert_eq!(fs::read(&mine).expect("a file"), b"mine", "not followed");
    assert!(fs::symlink_metadata(&name).is_ok(), "not ours to remove");
}

#[cfg(unix)]
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

#[cfg(unix)]
#[tokio::test]
async fn a_part_or_note_that_became_a_link_or_a_pipe_is_neither_followed_nor_waited_for() {
    for suffix in ["", ".json"] {
        let trap = |mine: &Path| mine.with_file_name("trap");
        trapped(suffix, |mine| std::os::unix::fs::symlink(mine, trap(mine)).expect("a link")).await;
        trapped(suffix, |mine| fs::hard_link(mine, trap(mine)).expect("a link")).await;
        trapped(suffix, |mine| {
            let made = Command::new("mkfifo").arg(trap(mine)).status().expect("mkfifo");
            assert!(made.success());
        })
        .await;
    }
}
