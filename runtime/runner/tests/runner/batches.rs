//! Batches from their first job to their last.

use std::fs;
use std::time::Duration;

use futures_util::StreamExt as _;
use runcomfy_emulator::{Fault, Faults, Route, When};
use runcomfy_runner::{Batch, Progress, State, Usd, Word, Worker};

use crate::desk::{Desk, MODEL, On, PRICE, builder, client, lines, models, on_both};

on_both!(
    a_budget_for_seven_of_twelve_pays_for_seven_and_holds_five_back,
    a_job_that_costs_more_than_its_quote_stops_the_next,
    an_account_without_money_pauses_the_batch_until_a_person_resumes_it,
    a_token_that_the_catalogue_refuses_pauses_each_batch_before_anything_is_sent,
    inputs_that_break_their_schema_are_not_added_and_those_that_the_server_refuses_stop_only_themselves,
    a_doubt_is_shown_with_all_that_is_known_and_resolved_by_a_person,
    a_worker_that_is_stopped_leaves_what_it_submitted_to_the_next_start,
    with_heavy_faults_and_two_workers_nothing_is_paid_twice_or_lost,
    a_worker_of_one_batch_leaves_the_others_as_they_are,
);

async fn a_budget_for_seven_of_twelve_pays_for_seven_and_holds_five_back(on: On) {
    let desk = Desk::new(on, builder()).await;
    let (store, batch) = desk.batch(12).await;
    batch.set_budget(Usd::from_micros(7 * PRICE.micros() + 1)).await.expect("a budget");
    assert_eq!(
        batch.add_lines(&models(), &lines(12), Some(PRICE)).await.expect("the same"),
        0,
        "a file that is added twice adds nothing"
    );

    let mut worker = desk.worker(&store);
    let progress = worker.progress();
    worker.run(std::future::pending()).await.expect("worked");
    let told: Vec<Progress> = progress.collect().await;
    let ended = told.iter().filter(|told| matches!(told, Progress::Ended { state: State::Succeeded, .. })).count();
    assert_eq!(ended, 7, "{told:?}");

    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::Queued)), (7, 5));
    assert_eq!((summary.reserved, summary.spent), (Usd::ZERO, Usd::from_micros(7 * PRICE.micros())));
    assert_eq!(summary.unfetched, 0);
    desk.check(&summary);
    let account = desk.emulator.account();
    assert_eq!(account.accepted().count(), 7);
    assert_eq!(account.spent().micros(), summary.spent.micros().unsigned_abs());
    let names = fs::read_dir(desk.films().join("films")).expect("a folder");
    let mut names: Vec<String> = names.map(|film| film.expect("a film").file_name().display().to_string()).collect();
    names.sort();
    assert_eq!((names.len(), names.pop().as_deref()), (8, Some("manifest.jsonl")), "seven films: {names:?}");

    // What is done stays done; a larger budget lets the rest go on.
    desk.run(&store).await.expect("worked");
    assert_eq!(desk.emulator.account().submissions().len(), 7);
    batch.set_budget(Usd::from_micros(12 * PRICE.micros())).await.expect("a budget");
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!(summary.count(State::Succeeded), 12);
    desk.check(&summary);
}

async fn a_job_that_costs_more_than_its_quote_stops_the_next(on: On) {
    // Twice as dear as anyone was told: one is paid for, and what it was is what the next one must have.
    let desk = Desk::new(on, builder().model_price(MODEL, runcomfy_emulator::Usd::from_micros(100_000))).await;
    let (store, batch) = desk.batch(5).await;
    batch.set_budget(Usd::from_micros(4 * PRICE.micros())).await.expect("a budget");
    let work = desk.worker(&store).at_once(1).run(std::future::pending());
    work.await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.spent.micros()), (2, 200_000));
    desk.check(&summary);
}

async fn an_account_without_money_pauses_the_batch_until_a_person_resumes_it(on: On) {
    let desk = Desk::new(on, builder().balance(runcomfy_emulator::Usd::from_micros(150_000))).await;
    let (store, batch) = desk.batch(8).await;
    let work = desk.worker(&store).at_once(1).run(std::future::pending());
    work.await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert!(summary.paused.as_deref().is_some_and(|reason| reason.contains("400002")), "{summary:?}");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::Queued)), (3, 5));
    let asked = desk.emulator.account().submissions().len();
    desk.run(&store).await.expect("worked");
    assert_eq!(desk.emulator.account().submissions().len(), asked, "nothing is sent into a refusal");
    assert!(store.resume("films").await.expect("resumed"));
    desk.run(&store).await.expect("worked");
    assert!(desk.emulator.account().submissions().len() > asked);
    desk.check(&batch.summary().await.expect("a summary"));
}

async fn a_token_that_the_catalogue_refuses_pauses_each_batch_before_anything_is_sent(on: On) {
    let desk = Desk::new(on, builder()).await;
    let (store, batch) = desk.batch(3).await;
    let other = Batch::open(&store, "others").await.expect("a batch");
    other.add_lines(&models(), &lines(2), Some(PRICE)).await.expect("added");
    let mut worker =
        Worker::new(&store, &client(desk.emulator.base_url(), "expired"), models()).state_folder(desk.state());
    let mut progress = worker.progress();
    let waits = async {
        while let Some(told) = progress.next().await {
            assert!(!told.to_string().contains("can't be compared"), "it waits for what never comes: {told}");
        }
    };
    tokio::join!(worker.run(std::future::pending()), waits).0.expect("worked");
    for batch in [&batch, &other] {
        let summary = batch.summary().await.expect("a summary");
        assert!(summary.paused.as_deref().is_some_and(|reason| reason.contains("400004")), "{summary:?}");
    }
    assert_eq!(desk.emulator.account().submissions().len(), 0);
    assert!(store.resume("films").await.expect("resumed"));
    desk.run(&store).await.expect("worked");
    assert_eq!(batch.summary().await.expect("a summary").count(State::Succeeded), 3);
}

async fn inputs_that_break_their_schema_are_not_added_and_those_that_the_server_refuses_stop_only_themselves(on: On) {
    let faults = Faults::none().nth(Route::Submit, 2, Fault::Coded(422, 422_001));
    let desk = Desk::new(on, builder().faults(faults)).await;
    let (store, batch) = desk.batch(3).await;
    for (text, why) in [
        ("{\"model\": 1}\n", "line 1: "),
        (r#"{"model": "no/such/model", "input": {}}"#, "no/such/model"),
        (r#"{"model": "community/wan-2-2/vace-fun", "input": {"prompt": 7}}"#, "job 1 (community/wan-2-2/vace-fun): "),
    ] {
        let refused = batch.add_json_lines(&models(), text, Some(PRICE)).await.expect_err("no job");
        assert!(refused.to_string().contains(why), "{refused}");
    }
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::Refused)), (2, 1));
    assert_eq!((summary.paused.clone(), summary.reserved), (None, Usd::ZERO));
    assert_eq!(store.retry("films", State::Refused, false).await.expect("retried").again, 1);
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!(summary.count(State::Succeeded), 3);
    desk.check(&summary);
}

async fn a_doubt_is_shown_with_all_that_is_known_and_resolved_by_a_person(on: On) {
    let faults = Faults::none().nth(Route::Submit, 2, Fault::Reset(When::After)).nth(
        Route::Submit,
        4,
        Fault::Reset(When::After),
    );
    let desk = Desk::new(on, builder().faults(faults)).await;
    let (store, batch) = desk.batch(6).await;
    desk.run(&store).await.expect("worked");
    let doubts = store.doubts().await.expect("a list");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((doubts.len(), summary.count(State::Succeeded)), (2, 4));
    assert_eq!(summary.reserved, Usd::from_micros(2 * PRICE.micros()), "a doubt keeps its reservation");
    for doubt in &doubts {
        assert!(doubt.sent_at.is_some() && doubt.sender.is_some() && doubt.wire.is_some(), "{doubt:?}");
        assert!(doubt.heard.as_deref().is_some_and(|heard| heard.contains("connection")), "{doubt:?}");
    }
    desk.run(&store).await.expect("worked");
    assert_eq!(desk.emulator.account().submissions().len(), 6, "nothing in doubt is sent again");

    // A person looks into the account.
    let account = desk.emulator.account();
    let seed = doubts[0].key.strip_prefix("film-").expect("a key").parse::<u32>().expect("a seed");
    let of_it = account.of(&serde_json::json!(seed)).next().and_then(|taken| taken.request_id.clone()).expect("taken");
    let other = account.accepted().find(|taken| taken.request_id.as_ref() != Some(&of_it)).expect("another");
    let wrong = Word::Is(other.request_id.clone().expect("an id"));
    let known = store.resolve((doubts[0].job, doubts[0].epoch), &wrong).await.is_err();
    assert!(
        known || doubts[1].key == format!("film-{}", other.marker.clone().expect("a seed")),
        "the id of another job"
    );
    if known {
        store.resolve((doubts[0].job, doubts[0].epoch), &Word::Is(of_it)).await.expect("resolved");
    }
    store.resolve((doubts[1].job, doubts[1].epoch), &Word::GiveUp).await.expect("resolved");
    assert!(store.resolve((doubts[1].job, doubts[1].epoch), &Word::WasNotSubmitted).await.is_err(), "it has moved on");
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::GivenUp)), (5, 1));
    assert_eq!((summary.reserved, summary.spent), (Usd::ZERO, Usd::from_micros(6 * PRICE.micros())));
    desk.check(&summary);
}

async fn a_worker_that_is_stopped_leaves_what_it_submitted_to_the_next_start(on: On) {
    let desk = Desk::new(on, builder().speed(10.0)).await;
    let (store, batch) = desk.batch(10).await;
    let (emulator, worker) = (&desk.emulator, desk.worker(&store));
    let stop = async move {
        while emulator.account().accepted().count() < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // The stop borrows the emulator, so it is run here.
    let (told, hears) = tokio::sync::oneshot::channel();
    let work = worker.run(async move { _ = hears.await });
    let (worked, ()) = tokio::join!(work, async {
        stop.await;
        _ = told.send(());
    });
    worked.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!(summary.count(State::Submitting) + summary.count(State::Unknown), 0, "{summary:?}");
    assert!(summary.count(State::Submitted) > 0 && summary.count(State::Queued) > 0, "{summary:?}");
    desk.emulator.advance(Duration::from_secs(3600));
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!(summary.count(State::Succeeded), 10);
    desk.check(&summary);
}

async fn with_heavy_faults_and_two_workers_nothing_is_paid_twice_or_lost(on: On) {
    let desk = Desk::new(on, builder().faults(Faults::heavy()).seed(3)).await;
    let (store, batch) = desk.batch(40).await;
    let other = desk.store().await;
    let (one, two) = tokio::join!(desk.run(&store), desk.run(&other));
    one.and(two).expect("worked");
    let summary = batch.summary().await.expect("a summary");
    desk.check(&summary);
    assert_eq!(store.strays().await.expect("a list").len(), 0);
    assert_eq!(
        summary.count(State::Queued) + summary.count(State::Submitting) + summary.count(State::Submitted),
        0,
        "{summary:?}"
    );
}

async fn a_worker_of_one_batch_leaves_the_others_as_they_are(on: On) {
    let desk = Desk::new(on, builder()).await;
    let (store, films) = desk.batch(2).await;
    let other = Batch::open(&store, "other").await.expect("a batch");
    other.add_lines(&models(), &lines(3), Some(PRICE)).await.expect("added");
    assert_eq!(store.batches().await.expect("names"), ["films", "other"]);

    desk.worker(&store).only(&films).run(std::future::pending()).await.expect("worked");
    assert_eq!(films.summary().await.expect("a summary").count(State::Succeeded), 2);
    assert_eq!(other.summary().await.expect("a summary").count(State::Queued), 3);
    assert_eq!(desk.emulator.account().accepted().count(), 2);

    let (_, film) = store.record(films.id(), "film-1").await.expect("read").expect("a job");
    assert_eq!((film.state.as_str(), film.files.len()), ("succeeded", 1));
    assert!(store.record(films.id(), "film-7").await.expect("read").is_none());
    assert!(store.record(other.id(), "film-2").await.expect("read").is_some_and(|(_, job)| job.state == "queued"));
}
