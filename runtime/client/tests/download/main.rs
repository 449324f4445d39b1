//! Downloads against a server that misbehaves: each test is named for the fault.

mod disk;
mod names;
mod parts;
mod promise;
mod server;
mod wire;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use runcomfy_client::{Downloader, DownloaderBuilder};
use tempfile::TempDir;

/// A downloader that takes files from this machine, and waits for a server as long as a busy machine may need.
fn local() -> DownloaderBuilder {
    let here = "http://127.0.0.1/".parse().expect("a URL");
    Downloader::builder().allow_local(&here).read_timeout(Duration::from_secs(10)).max_retries(0)
}

fn build(builder: DownloaderBuilder) -> Downloader {
    builder.build().expect("a downloader")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string();
    let mut names: Vec<_> = entries.map(|entry| name(entry).expect("a readable name")).collect();
    names.sort();
    names
}

/// The names in a folder, without the digests that tell the partial files of different URLs apart.
fn plain_names(folder: &Path) -> Vec<String> {
    let digest = |part: &str| part.len() == 16 && part.chars().all(|char| char.is_ascii_hexdigit());
    let plain = |name: String| name.split('.').filter(|part| !digest(part)).collect::<Vec<_>>().join(".");
    names(folder).into_iter().map(plain).collect()
}

/// The one partial file in a folder.
fn part_in(folder: &Path) -> PathBuf {
    let parts: Vec<_> = names(folder).into_iter().filter(|name| name.ends_with(".part")).collect();
    assert_eq!(parts.len(), 1, "{parts:?}");
    folder.join(&parts[0])
}

/// A body in which no two places look the same.
fn body(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}
