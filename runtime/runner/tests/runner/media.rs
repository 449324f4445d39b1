//! Files as inputs: by path and digest in the store, by content on the wire.

use std::fs;

use runcomfy_runner::{Batch, Line, State};
use serde_json::{Value, json};

use crate::desk::{Desk, MODEL, On, PRICE, builder, models, on_both};

on_both!(
    a_file_is_sent_as_it_was_when_the_job_was_added_or_held,
    what_is_no_file_of_its_kind_and_media_as_text_is_not_added,
);

/// The smallest file that is known to be a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn line(image: &str, seed: u32) -> Line {
    Line::new(MODEL, json!({"prompt": "a lone figure", "image": image, "seed": seed}))
}

async fn a_file_is_sent_as_it_was_when_the_job_was_added_or_held(on: On) {
    let desk = Desk::new(on, builder()).await;
    let store = desk.store().await;
    let photos = desk.folder.path().join("photos");
    fs::create_dir(&photos).expect("a folder");
    for name in ["kept.png", "changed.png", "gone.png"] {
        fs::write(photos.join(name), PNG).expect("a file");
    }
    let batch = Batch::open(&store, "films").await.expect("a batch").files_from(&photos);
    let lines = [line("file:kept.png", 1), line("file:changed.png", 2), line("file:gone.png", 3)];
    assert_eq!(batch.add_lines(&models(), &lines, Some(PRICE)).await.expect("added"), 3);
    assert_eq!(batch.add_lines(&models(), &lines, Some(PRICE)).await.expect("the same"), 0);
    let texts = match desk.on {
        On::Sqlite => {
            ["jobs.db", "jobs.db-wal"].map(|name| fs::read(desk.folder.path().join(name)).unwrap_or_default())
        }
        On::Postgres(cluster) => [cluster.text_of(desk.url()), Vec::new()],
    };
    let holds = |needle: &[u8]| texts.iter().any(|text| text.windows(needle.len()).any(|part| part == needle));
    assert!(holds(b"kept.png#sha256=") && !holds(b"base64,"), "a path and a digest, no content");

    let other = [PNG, b"other"].concat();
    fs::write(photos.join("changed.png"), &other).expect("written");
    fs::remove_file(photos.join("gone.png")).expect("removed");
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.held), (1, 2), "{summary}");
    let held = store.held().await.expect("a list");
    let told = |name: &str, why: &str| held.iter().any(|job| job.reason.contains(name) && job.reason.contains(why));
    assert!(told("changed.png", "has changed") && told("gone.png", "os error"), "{held:?}");
    let sent: Vec<Value> = desk.emulator.account().accepted().map(|taken| taken.body.clone()).collect();
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0]["118_image"].as_str().is_some_and(|uri| uri.starts_with("data:image/png;base64,iVBOR")),
        "{sent:?}"
    );

    // What is added now is another job; what was held goes on when its file is back.
    assert_eq!(batch.add_lines(&models(), &lines[1..2], Some(PRICE)).await.expect("added"), 1);
    fs::write(photos.join("gone.png"), PNG).expect("written");
    assert_eq!(store.release_batch("films").await.expect("released"), 2);
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.held), (3, 1), "{summary}");
    desk.check(&summary);
}

async fn what_is_no_file_of_its_kind_and_media_as_text_is_not_added(on: On) {
    let desk = Desk::new(on, builder()).await;
    let store = desk.store().await;
    fs::write(desk.folder.path().join("text.png"), "a text").expect("a file");
    let batch = Batch::open(&store, "films").await.expect("a batch").files_from(desk.folder.path());
    for (image, why) in [
        ("file:none.png", "none.png"),
        ("file:text.png", "must be image"),
        ("data:image/png;base64,iVBORw0KGgo=", "file:PATH"),
        ("http://example.com/a.png", "https"),
    ] {
        let refused = batch.add_lines(&models(), &[line(image, 1)], Some(PRICE)).await.expect_err("no job");
        assert!(refused.to_string().contains(why), "{image}: {refused}");
    }
    assert_eq!(batch.summary().await.expect("a summary").states.len(), 0);
}
