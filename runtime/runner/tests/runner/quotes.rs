//! What is reserved for a job before it is paid for: a person's figure, or what is published; never nothing.

use std::fs::OpenOptions;
use std::io::Write as _;

use futures_util::TryStreamExt as _;
use runcomfy_runner::{Batch, Line, Usd};
use serde_json::json;

use crate::desk::{Desk, On, emulator_of, models_of, on_both, schemas};

on_both!(without_a_figure_the_published_price_of_one_unit_counts_and_an_unknown_one_is_refused,);

const PRICED: &str = "community/films/priced";
const UNPRICED: &str = "community/films/unpriced";

async fn without_a_figure_the_published_price_of_one_unit_counts_and_an_unknown_one_is_refused(on: On) {
    let fields = json!({"6_text": {"type": "string", "title": "Prompt"}});
    let folder = schemas(&[(PRICED, fields.clone()), (UNPRICED, fields)]);
    let manifest = OpenOptions::new().append(true).open(folder.path().join(PRICED).join("model.toml"));
    manifest.and_then(|mut file| file.write_all(b"\n[price]\nbase_usd = 0.07\nunit = \"second\"\n")).expect("written");
    let desk = Desk::new(on, emulator_of(folder.path())).await;
    let store = desk.store().await;
    let batch = Batch::open(&store, "films").await.expect("a batch");
    let (models, line) = (models_of(folder.path()), |id| Line::new(id, json!({"prompt": "a lone figure"})));

    let both = [line(PRICED), line(UNPRICED)];
    let refused = batch.add_lines(&models, &both, None).await.expect_err("no price").to_string();
    assert!(refused.contains(UNPRICED) && refused.contains("give a figure"), "{refused}");
    let refused = batch.add_lines(&models, &both, Some(Usd::ZERO)).await.expect_err("no figure").to_string();
    assert!(refused.contains("give a figure"), "{refused}");
    assert_eq!(batch.summary().await.expect("a summary").states.len(), 0, "all or none");

    assert_eq!(batch.add_lines(&models, &both[..1], None).await.expect("added"), 1);
    assert_eq!(batch.add_lines(&models, &both[1..], Some(Usd::from_micros(500_000))).await.expect("added"), 1);
    let records: Vec<_> = batch.records().try_collect().await.expect("records");
    let quotes: Vec<&str> = records.iter().map(|record| record.quote_usd.as_str()).collect();
    assert_eq!(quotes, ["0.07", "0.50"]);
    for record in &records {
        let lock = store.lock(&record.model, &record.names_sha256).await.expect("a lock");
        assert_eq!(lock.digest(), record.names_sha256, "the store has what the names mean");
    }
}
