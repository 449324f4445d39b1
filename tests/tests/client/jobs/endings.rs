//! How jobs end, and how they go on when nobody follows them.

use downstream::models::community::wan_2_2::vace_fun::Input;
use futures_util::StreamExt as _;
use runcomfy::{Cancellation, Ending, Error, Job, Status};
use runcomfy_emulator::{Faults, Outcome};
use serde_json::json;
use tokio::time::timeout;

use super::{MODEL, client, counted, emulator, input, seconds, settings};

#[tokio::test(start_paused = true)]
async fn a_run_gives_the_output_and_what_it_cost() {
    let emulator = emulator(|builder| builder).await;
    let done = client(&emulator).run(&input()).await.expect("success");
    let output = done.output;
    assert!(output.video.is_some() || output.image.is_some() || output.videos.is_some() || output.images.is_some());
    assert_eq!(done.cost, Some(emulator.account().spent().as_f64()));
    assert!(done.created_at.is_some() && done.finished_at.is_some());
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn completed_is_not_success() {
    let emulator = emulator(|builder| builder.faults(Faults::none().failing_jobs(1.0))).await;
    let client = client(&emulator);
    let job = client.submit(&input()).await.expect("accepted");
    let ending = job.wait().await.expect("an ending");
    assert_eq!(job.status().await.expect("a status").status, Status::Completed);
    let Ending::Failed(failure) = &ending else { panic!("{ending:?}") };
    assert!(!failure.message.is_empty() && failure.request_id == job.request_id());
    let error = ending.success().expect_err("a failure");
    assert!(matches!(&error, Error::Failed(_)) && !error.is_retryable(), "{error}");
    let error = client.run(&input()).await.expect_err("a failure");
    assert!(matches!(&error, Error::Failed(_)) && error.request_id().is_some(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn cancelling_says_whether_it_worked() {
    let emulator = emulator(|builder| builder.workers(1)).await;
    let client = client(&emulator);
    let running = client.submit(&input()).await.expect("accepted");
    let queued = client.submit(&input().seed(8)).await.expect("accepted");
    assert_eq!(queued.cancel().await.expect("an answer"), Cancellation::Cancelled);
    assert_eq!(running.cancel().await.expect("an answer"), Cancellation::NotCancellable);
    assert!(matches!(queued.wait().await.expect("an ending"), Ending::Cancelled(_)));
    assert!(matches!(queued.result().await.expect("a result"), Ending::Cancelled(_)));
    assert!(matches!(running.wait().await.expect("an ending"), Ending::Succeeded(_)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_ran_out_of_time_gives_the_job_back() {
    let emulator = emulator(|builder| builder.processing_time(seconds(600))).await;
    let job = client(&emulator).submit(&input()).await.expect("accepted");
    let ending = job.wait_timeout(seconds(60)).await.expect("an ending");
    let Ending::StillRunning(state) = ending else { panic!("{ending:?}") };
    assert_eq!(state.last.expect("news").status, Status::InProgress);
    assert_eq!(state.waited.as_secs(), 60);
    assert!(matches!(state.job.wait().await.expect("an ending"), Ending::Succeeded(_)));
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_ran_out_of_time_can_be_resumed_and_is_not_to_be_repeated() {
    let emulator = emulator(|builder| builder.processing_time(seconds(600))).await;
    let client = settings(&emulator).wait_timeout(seconds(60)).build().expect("a client");
    let error = client.run(&input()).await.expect_err("too slow");
    let Error::Detached(detached) = &error else { panic!("{error}") };
    assert!(!error.is_retryable() && detached.reason().is_none());
    let job = client.job::<Input>(detached.request_id()).expect("an id");
    assert!(matches!(job.wait_timeout(seconds(900)).await.expect("an ending"), Ending::Succeeded(_)));
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_wait_changes_nothing() {
    let emulator = emulator(|builder| builder).await;
    let job = client(&emulator).submit(&input()).await.expect("accepted");
    timeout(seconds(5), job.wait()).await.expect_err("dropped");
    assert!(matches!(job.wait().await.expect("an ending"), Ending::Succeeded(_)));
}

#[tokio::test(start_paused = true)]
async fn a_guard_cancels_when_it_is_dropped_and_not_when_it_is_disarmed() {
    let emulator = emulator(|builder| builder.workers(1)).await;
    let client = client(&emulator);
    let mut first = client.submit(&input()).await.expect("accepted").cancel_on_drop();
    let dropped = client.submit(&input().seed(8)).await.expect("accepted").cancel_on_drop();
    let kept = client.submit(&input().seed(9)).await.expect("accepted").cancel_on_drop();
    let id = dropped.request_id().to_owned();
    drop(dropped);
    let kept = kept.disarm();
    let ending = client.job::<Input>(&id).expect("an id").wait().await.expect("an ending");
    assert!(matches!(ending, Ending::Cancelled(_)), "{ending:?}");
    assert!(matches!(first.wait().await.expect("an ending"), Ending::Succeeded(_)));
    drop(first);
    assert!(matches!(kept.wait().await.expect("an ending"), Ending::Succeeded(_)));
    let outcomes: Vec<_> = emulator.account().submissions().iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::Succeeded, Outcome::Cancelled, Outcome::Succeeded]);
}

#[tokio::test(start_paused = true)]
async fn updates_follow_the_queue() {
    let emulator = emulator(|builder| builder.workers(1)).await;
    let client = client(&emulator);
    client.submit(&input()).await.expect("accepted");
    client.submit(&input().seed(8)).await.expect("accepted");
    let third: Job<_> = client.submit(&input().seed(9)).await.expect("accepted");
    let updates: Vec<_> = third.updates().map(|update| update.expect("news")).collect().await;
    let mut stages: Vec<_> = updates.iter().map(|update| (update.status.as_str(), update.queue_position)).collect();
    stages.dedup();
    let expected = [("in_queue", Some(1)), ("in_queue", Some(0)), ("in_progress", None), ("completed", None)];
    assert_eq!(stages, expected);
}

#[tokio::test(start_paused = true)]
async fn a_late_cost_is_waited_for_when_asked() {
    let late = Faults::none().late_cost(1.0, seconds(30));
    let emulator = emulator(|builder| builder.faults(late)).await;
    let client = client(&emulator);
    let done = client.run(&input()).await.expect("success");
    assert_eq!(done.cost, None);
    let job = client.job::<Input>(&done.request_id).expect("an id");
    assert_eq!(job.cost(seconds(1)).await.expect("an answer"), None);
    assert_eq!(job.cost(seconds(60)).await.expect("an answer"), Some(emulator.account().spent().as_f64()));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_too_old_is_not_found() {
    let emulator = emulator(|builder| builder.retention(seconds(60))).await;
    let client = client(&emulator);
    let done = client.run(&input()).await.expect("success");
    emulator.advance(seconds(120));
    let error = client.job::<Input>(&done.request_id).expect("an id").result().await.expect_err("expired");
    assert!(error.is_not_found() && error.request_id() == Some(done.request_id.as_str()), "{error}");
    assert!(client.untyped_job("../status").is_err(), "no id leads to another URL");
}

#[tokio::test(start_paused = true)]
async fn an_output_of_another_shape_is_kept_in_the_error() {
    let emulator = emulator(|builder| builder.output(MODEL, json!({"videos": ["a", 7]}))).await;
    let client = client(&emulator);
    let job = client.submit(&input()).await.expect("accepted");
    let error = job.wait().await.expect_err("an odd output");
    let Error::Decode(decode) = &error else { panic!("{error}") };
    assert_eq!((decode.path(), decode.http_status()), ("output.videos[1]", 200));
    assert_eq!(decode.request_id(), Some(job.request_id()));
    assert!(decode.body().contains(r#"["a",7]"#) && !error.is_retryable(), "{error}");
    let Ok(Ending::Succeeded(done)) = job.untyped().result().await else { panic!("JSON takes any shape") };
    assert_eq!(done.output, json!({"videos": ["a", 7]}));
    let error = client.run(&input()).await.expect_err("an odd output");
    assert!(matches!(&error, Error::Detached(_)) && error.request_id().is_some(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn hundreds_of_jobs_wait_on_one_client() {
    let emulator = emulator(|builder| builder.workers(100)).await;
    let client = client(&emulator);
    let runs = (0..300).map(|seed| {
        let client = client.clone();
        async move { client.run(&input().seed(seed)).await }
    });
    let all: Vec<_> = futures_util::future::join_all(runs).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(counted(&emulator.account()), (300, 300));
    assert!(emulator.account().paid_twice().is_empty());
    // A wait that grew would cost every service that has many of them.
    let job = client.job::<Input>("a").expect("an id");
    assert!(size_of_val(&job.wait()) <= 1024, "{} bytes", size_of_val(&job.wait()));
}
