//! Odd and broken answers while a job is followed: what may pass is sat out, what is unknown breaks nothing.

use runcomfy::{Ending, Error};
use runcomfy_emulator::{Fault, Faults, IdPlace, RetryAfter, Route, When};

use super::{client, counted, emulator, input, seconds, settings};

#[tokio::test(start_paused = true)]
async fn reading_is_repeated_after_every_fault_that_may_pass() {
    for fault in [
        Fault::RateLimited(RetryAfter::Seconds(3)),
        Fault::RateLimited(RetryAfter::Date(3)),
        Fault::RateLimited(RetryAfter::None),
        Fault::Status(500, When::Before),
        Fault::Status(502, When::After),
        Fault::Status(503, When::Before),
        Fault::Refused(seconds(2)),
        Fault::Reset(When::Before),
        Fault::Reset(When::After),
        Fault::SlowBody(seconds(5)),
        Fault::SlowBody(seconds(600)),
        Fault::CutBody,
        Fault::BrokenJson,
        Fault::ErrorBody(500_001),
        Fault::Redirect,
    ] {
        for route in [Route::Status, Route::Result] {
            let emulator = emulator(|builder| builder.faults(Faults::none().nth(route, 1, fault))).await;
            let done = client(&emulator).run(&input()).await;
            assert!(done.is_ok(), "{route:?}, {fault:?}: {}", done.expect_err("failed"));
            assert_eq!(counted(&emulator.account()), (1, 1));
            assert!(emulator.visits().is_empty(), "no redirect is followed");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_spelled_or_stands_otherwise_costs_no_output() {
    for place in [IdPlace::Spaces, IdPlace::Case, IdPlace::Utf16, IdPlace::Data, IdPlace::Address] {
        let faults = [Route::Status, Route::Result].into_iter();
        let faults = faults.fold(Faults::none(), |faults, route| faults.rate(route, Fault::Told(place), 1.0));
        let emulator = emulator(|builder| builder.faults(faults)).await;
        let done = client(&emulator).run(&input()).await;
        assert!(done.is_ok(), "{place:?}: {}", done.expect_err("failed"));
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_fields_and_statuses_break_nothing() {
    let mut faults = Faults::none();
    for route in [Route::Submit, Route::Cancel, Route::Models, Route::Model] {
        faults = faults.rate(route, Fault::UnknownFields, 1.0);
    }
    for route in [Route::Status, Route::Result] {
        faults = faults.rate(route, Fault::UnknownFields, 0.5).rate(route, Fault::UnknownStatus, 0.5);
    }
    let emulator = emulator(|builder| builder.faults(faults)).await;
    let client = settings(&emulator).verify_models(true).build().expect("a client");
    for seed in 0..20 {
        client.run(&input().seed(seed)).await.expect("success");
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_stays_unknown_is_followed_to_the_end() {
    let faults = Faults::none().rate(Route::Status, Fault::UnknownStatus, 1.0);
    let emulator = emulator(|builder| builder.processing_time(seconds(3600)).faults(faults)).await;
    client(&emulator).run(&input()).await.expect("the result says that it goes on");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_understands_is_given_back_as_still_running() {
    let faults =
        Faults::none().rate(Route::Status, Fault::UnknownStatus, 1.0).rate(Route::Result, Fault::UnknownStatus, 1.0);
    let emulator = emulator(|builder| builder.processing_time(seconds(3600)).faults(faults)).await;
    let client = client(&emulator);
    let job = client.submit(&input()).await.expect("accepted");
    let ending = job.wait().await.expect("an ending");
    let Ending::StillRunning(state) = &ending else { panic!("{ending:?}") };
    let last = state.last.as_ref().expect("news");
    assert!(last.status.as_str().starts_with("warming_up"), "{last:?}");
    let error = ending.success().expect_err("no success");
    assert!(!error.is_retryable() && error.request_id() == Some(job.request_id()), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_sat_out_up_to_the_limit() {
    let emulator = emulator(|builder| builder.processing_time(seconds(3600))).await;
    let client = settings(&emulator).outage_limit(seconds(200)).build().expect("a client");
    let job = client.submit(&input()).await.expect("accepted");
    let follower = tokio::spawn({
        let job = job.clone();
        async move { job.wait().await }
    });
    let outage = Faults::none().rate(Route::Status, Fault::Status(503, When::Before), 1.0);
    tokio::time::sleep(seconds(60)).await;
    emulator.set_faults(outage.clone()).expect("faults");
    tokio::time::sleep(seconds(120)).await;
    emulator.set_faults(Faults::none()).expect("no faults");
    assert!(
        matches!(follower.await.expect("no panic"), Ok(Ending::Succeeded(_))),
        "two minutes are no reason to leave"
    );
    let emulator = super::emulator(|builder| builder.processing_time(seconds(3600)).faults(outage)).await;
    let client = settings(&emulator).outage_limit(seconds(200)).build().expect("a client");
    let error = client.run(&input()).await.expect_err("a long outage");
    let Error::Detached(detached) = &error else { panic!("{error}") };
    assert!(detached.reason().is_some_and(Error::is_retryable), "following may be tried again");
    assert!(!error.is_retryable(), "running again is paying again");
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn cancelling_is_repeated_too() {
    let emulator = emulator(|builder| builder.workers(1)).await;
    let client = client(&emulator);
    client.submit(&input()).await.expect("accepted");
    let queued = client.submit(&input().seed(8)).await.expect("accepted");
    emulator.set_faults(Faults::none().nth(Route::Cancel, 1, Fault::Status(503, When::Before))).expect("faults");
    assert_eq!(queued.cancel().await.expect("an answer"), runcomfy::Cancellation::Cancelled);

    let queued = client.submit(&input().seed(9)).await.expect("accepted");
    emulator.set_faults(Faults::none().rate(Route::Cancel, Fault::Told(IdPlace::Data), 1.0)).expect("faults");
    assert_eq!(queued.cancel().await.expect("an answer"), runcomfy::Cancellation::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_never_comes_ends_the_wait_though_the_status_is_answered() {
    let faults = Faults::none().rate(Route::Result, Fault::Status(500, When::Before), 1.0);
    let emulator = emulator(|builder| builder.processing_time(seconds(5)).faults(faults)).await;
    let job = client(&emulator).submit(&input()).await.expect("accepted");
    let waited = tokio::time::timeout(seconds(3600), job.wait()).await.expect("no wait for ever");
    assert!(waited.is_err_and(|error| error.request_id() == Some(job.request_id())));
}
