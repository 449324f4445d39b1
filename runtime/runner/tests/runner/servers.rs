//! What only a store on a server has: settings that are refused, a clock that is not the worker's, and an end in the middle.

use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use runcomfy_runner::{State, Store};
use test_postgres::Cluster;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::desk::{Desk, On, builder};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_commits_before_anything_is_on_disk_is_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let url = cluster.database();
    for (setting, taken) in [("off", false), ("local", false), ("on", true), ("remote_apply", true)] {
        cluster
            .sql(&url, &format!("ALTER ROLE postgres IN DATABASE {} SET synchronous_commit = {setting}", name(&url)));
        let opened = Store::open(&url, "https://api", "").await;
        assert_eq!(opened.is_ok(), taken, "{setting}: {opened:?}");
        if let Err(error) = opened {
            let said = error.to_string();
            assert!(
                said.contains(&format!("synchronous_commit is {setting}")) && said.contains("set it to on"),
                "{said}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_the_reason() {
    // Whoever had this port has it no more.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let url = format!("postgres://me:secret@127.0.0.1:{port}/jobs");
    let said = Store::open(&url, "https://api", "").await.expect_err("nobody there").to_string();
    assert!(said.contains(&format!("127.0.0.1:{port}/jobs")) && said.contains("refused"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

fn name(url: &str) -> &str {
    url.split('?').next().and_then(|place| place.rsplit('/').next()).expect("a name")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_and_leases_are_told_by_the_servers_clock() {
    let Some(cluster) = Cluster::shared() else { return };
    let desk = Desk::new(On::Postgres(cluster), builder()).await;
    // A server whose clock is three days ahead of the workers'.
    for statement in [
        "CREATE SCHEMA ahead",
        "CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
            AS $$ SELECT pg_catalog.clock_timestamp() + interval '3 days' $$",
        &format!("ALTER DATABASE {} SET search_path = ahead, pg_catalog", name(desk.url())),
    ] {
        cluster.sql(desk.url(), statement);
    }
    let (store, batch) = desk.batch(2).await;
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!(summary.count(State::Succeeded), 2);
    desk.check(&summary);
    let mut records = batch.records();
    while let Some(record) = records.next().await {
        let record = record.expect("read");
        for time in [record.sent_at, record.ended_at] {
            let time = OffsetDateTime::parse(&time.expect("a time"), &Rfc3339).expect("a time");
            let ahead = (time - OffsetDateTime::from(SystemTime::now())).whole_hours();
            assert!((70..=72).contains(&ahead), "{ahead} hours ahead");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_in_the_middle_and_comes_back_costs_nothing() {
    // Not the one that all other tests are on.
    if Cluster::shared().is_none() {
        return;
    }
    let cluster: &Cluster = Box::leak(Box::new(Cluster::start(&["fsync = off"]).expect("it is installed")));
    let desk = Desk::new(On::Postgres(cluster), builder()).await;
    let (store, batch) = desk.batch(60).await;
    let (emulator, run) = (&desk.emulator, desk.run(&store));
    let crashes = async {
        for submits in [5, 25, 45] {
            while emulator.account().accepted().count() < submits {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::task::block_in_place(|| cluster.restart());
        }
    };
    tokio::join!(run, crashes).0.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.unfetched, summary.unsettled), (60, 0, 0), "{summary}");
    desk.check(&summary);
}
