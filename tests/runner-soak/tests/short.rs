//! A short soak on each database. The long one is the example `runner_soak` of `workspace-tests`.
#![cfg(unix)]

use std::process::Command;

use runner_soak::{Database, Options, run, work};
use test_postgres::Cluster;

/// Not a test of its own: the workers of those below.
#[test]
fn child() {
    _ = work();
}

fn worker() -> Command {
    let mut worker = Command::new(std::env::current_exe().expect("this program"));
    worker.args(["--exact", "child", "--quiet"]);
    worker
}

async fn soak(database: Database) {
    let options = Options { jobs: 150, workers: 3, database, seed: 7, rough: true, at_once: 6 };
    let report = run(&options, worker).await.expect("it comes to an end");
    assert!(report.is_sound(), "{report}\n{}", report.problems.join("\n"));
    assert!(report.killed > 0 && report.accepted > 100, "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_file() {
    soak(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server() {
    if Cluster::shared().is_some() {
        soak(Database::Postgres).await;
    }
}
