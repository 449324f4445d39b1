//! Downloads against a server that misbehaves: each test is named for the fault.

mod disk;
mod names;
mod server;
mod wire;

use std::fs;
use std::path::Path;
use std::time::Duration;

use runcomfy_client::{Downloader, DownloaderBuilder};
use tempfile::TempDir;

/// A downloader that takes files from this machine, and is soon out of patience.
fn local() -> DownloaderBuilder {
    let here = "http://127.0.0.1/".parse().expect("a URL");
    Downloader::builder().allow_local(&here).read_timeout(Duration::from_millis(300)).retries(0)
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

/// A body in which no two places look the same.
fn body(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}
