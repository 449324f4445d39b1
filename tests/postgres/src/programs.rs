//! Where PostgreSQL's programs are, and what is said where they are not.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use crate::NEEDED;

/// The folder of PostgreSQL's programs.
pub(crate) fn folder() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let config = Command::new("pg_config").arg("--bindir").output().ok();
    let config = config.and_then(|said| String::from_utf8(said.stdout).ok()).map(|said| PathBuf::from(said.trim()));
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|found| found.path());
    let mut debian: Vec<PathBuf> = debian.collect();
    debian.sort_by_key(version);
    let debian = debian.into_iter().rev().map(|version| version.join("bin"));
    let all = std::env::split_paths(&path).chain(config).chain(debian);
    all.into_iter().find(|folder| ["initdb", "pg_ctl", "createdb"].iter().all(|name| folder.join(name).is_file()))
}

/// Says that what needs PostgreSQL is left out: past what captures a test's output.
///
/// # Panics
/// If it must not be left out.
pub(crate) fn left_out() {
    let needed = std::env::var_os(NEEDED).is_some_and(|value| !value.is_empty());
    assert!(!needed, "PostgreSQL is not installed, and {NEEDED} is set: install Debian's package postgresql");
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    _ = writeln!(std::io::stderr(), "left out, since PostgreSQL is not installed: {name}");
}
