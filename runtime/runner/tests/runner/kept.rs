//! Quotes that are kept: one is one job, within limits that it can't change, and what it says is what is sent.

use std::time::Duration;

use runcomfy_client::ModelInfo;
use runcomfy_live::Catalogue;
use runcomfy_runner::{Batch, Budget, KeptQuote, NewQuote, QuoteRun, State, Usd};
use serde_json::json;

use crate::desk::{Desk, MODEL, On, PRICE, SCHEMAS, builder, on_both};

on_both!(a_quote_is_one_job_and_the_day_has_room_for_two, a_quote_that_is_over_or_void_is_not_sent);

const HOUR: Duration = Duration::from_secs(3600);

fn model() -> &'static ModelInfo {
    let catalogue = Catalogue::builder().folder(SCHEMAS).build().expect("a catalogue");
    catalogue.model(MODEL).expect("a model").info()
}

async fn quote(batch: &Batch, seed: u32, lifetime: Duration) -> KeptQuote {
    let input = json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed});
    batch.quote(model(), &input, PRICE, "unknown", lifetime).await.expect("a quote")
}

async fn a_quote_is_one_job_and_the_day_has_room_for_two(on: On) {
    let desk = Desk::new(on, builder()).await;
    let store = desk.store().await;
    let batch = Batch::open(&store, "films").await.expect("a batch");
    store.set_limit(&Budget::EachDay, Some(Usd::from_micros(2 * PRICE.micros() + 1))).await.expect("a limit");
    let [one, two, three] = [quote(&batch, 1, HOUR).await, quote(&batch, 2, HOUR).await, quote(&batch, 3, HOUR).await];
    assert_eq!(store.quote(&one.id).await.expect("read"), Some(one.clone()));

    let less = Usd::from_micros(PRICE.micros() - 1);
    assert_eq!(store.run_quote(&one.id, less).await.expect("asked"), QuoteRun::TooDear(PRICE));
    for (quote, became) in [(&one, QuoteRun::New), (&one, QuoteRun::Known), (&two, QuoteRun::New)] {
        assert_eq!(store.run_quote(&quote.id, PRICE).await.expect("asked"), became);
    }
    // Nothing is submitted yet: what waits counts too.
    let over = QuoteRun::OverBudget { left: Usd::from_micros(1), needs: PRICE };
    assert_eq!(store.run_quote(&three.id, PRICE).await.expect("asked"), over);
    assert_eq!(store.run_quote("nothing", PRICE).await.expect("asked"), QuoteRun::NoQuote);
    desk.run(&store).await.expect("worked");
    assert_eq!(store.run_quote(&three.id, PRICE).await.expect("asked"), over, "spent money is gone");
    assert_eq!(store.run_quote(&two.id, PRICE).await.expect("asked"), QuoteRun::Known);
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), desk.emulator.account().accepted().count()), (2, 2));
    desk.check(&summary);
}

async fn a_quote_that_is_over_or_void_is_not_sent(on: On) {
    let desk = Desk::new(on, builder()).await;
    let store = desk.store().await;
    let batch = Batch::open(&store, "films").await.expect("a batch");
    let over = quote(&batch, 1, Duration::ZERO).await;
    assert_eq!(store.run_quote(&over.id, PRICE).await.expect("asked"), QuoteRun::Expired);

    let info = model();
    let void = NewQuote {
        batch: batch.id(),
        model: MODEL.to_owned(),
        digest: String::new(),
        input: json!({"prompt": "a lone figure", "image": "https://example.com/a.png"}).to_string(),
        lock: runcomfy_runner::Lock::new(info.lock),
        wire: "what was shown to the person".to_owned(),
        price: PRICE,
        published: "unknown".to_owned(),
        lifetime: 1000 * 3600,
    };
    let void = store.keep_quote(void).await.expect("kept");
    assert_eq!(store.run_quote(&void.id, PRICE).await.expect("asked"), QuoteRun::New);
    let held = quote(&batch, 2, HOUR).await;
    assert_eq!(store.run_quote(&held.id, PRICE).await.expect("asked"), QuoteRun::New);
    assert!(store.hold_job(batch.id(), &held.id, "a person thinks about it").await.expect("asked"));
    assert!(!store.hold_job(batch.id(), &over.id, "no job").await.expect("asked"));
    desk.run(&store).await.expect("worked");
    let (_, job) = store.record(batch.id(), &void.id).await.expect("read").expect("a job");
    assert_eq!(job.state, "refused");
    assert!(job.heard.is_some_and(|why| why.contains("quote is void")));
    let (_, job) = store.record(batch.id(), &held.id).await.expect("read").expect("a job");
    assert_eq!((job.state.as_str(), desk.emulator.account().submissions().len()), ("queued", 0));
}
