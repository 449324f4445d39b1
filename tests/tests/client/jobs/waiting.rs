//! Waiting belongs to the job: however it is cut into pieces, a job is asked about at the same pace, and its end is
//! noticed as soon. A small server counts the questions.

use std::time::Duration;

use futures_util::{StreamExt as _, future};
use runcomfy::{Client, Ending, FixedPolling, Job, Status};
use tokio::time::{Instant, sleep, timeout};
use workspace_tests::server::Server;

use super::{MODEL, seconds};

async fn new_job(server: &Server) -> Job {
    submit(&server.settings().build().expect("a client")).await
}

async fn submit(client: &Client) -> Job {
    client.submit_json(MODEL, &serde_json::json!({})).await.expect("accepted")
}

fn is_done(ending: &Ending) -> bool {
    matches!(ending, Ending::Succeeded(_))
}

/// How many questions one long wait asks about such a job.
async fn one_wait(takes: Duration) -> usize {
    let server = Server::start(takes).await;
    let job = new_job(&server).await;
    let begun = Instant::now();
    assert!(is_done(&job.wait().await.expect("an ending")));
    is_in_time(begun.elapsed(), takes);
    server.asked().0
}

/// The end is noticed after a pause at most, and a pause is a share of the elapsed time.
fn is_in_time(took: Duration, takes: Duration) {
    let pause = takes.mul_f64(0.077).clamp(Duration::from_millis(2750), seconds(33));
    assert!(took >= takes && took <= takes + pause + Duration::from_millis(200), "{took:?} for {takes:?}");
}

/// The pauses are drawn, so two waits may differ; one question in eight may come early.
fn is_as_often(asked: usize, one: usize) {
    assert!(asked <= one + 2 + one / 8, "asked {asked} times, by one wait {one} times");
}

#[tokio::test(start_paused = true)]
async fn many_short_waits_are_as_one_long_wait() {
    for (takes, slice) in [(20, 1000), (20, 100), (60, 2000), (600, 1000), (600, 7000), (600, 29_000)] {
        let one = one_wait(seconds(takes)).await;
        let server = Server::start(seconds(takes)).await;
        let mut job = new_job(&server).await;
        let begun = Instant::now();
        let mut heard = None;
        loop {
            match job.wait_timeout(Duration::from_millis(slice)).await.expect("an ending") {
                Ending::StillRunning(state) => {
                    assert!(heard.is_none() || state.last.is_some(), "what was heard is kept");
                    (job, heard) = (state.job, state.last);
                }
                ending => break assert!(is_done(&ending)),
            }
        }
        is_in_time(begun.elapsed(), seconds(takes));
        is_as_often(server.asked().0, one);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beside_a_tick_ends() {
    let one = one_wait(seconds(60)).await;
    let server = Server::start(seconds(60)).await;
    let job = new_job(&server).await;
    let begun = Instant::now();
    loop {
        tokio::select! {
            ending = job.wait() => break assert!(is_done(&ending.expect("an ending"))),
            () = sleep(seconds(2)) => assert!(begun.elapsed() < seconds(100), "never asked"),
        }
    }
    is_in_time(begun.elapsed(), seconds(60));
    is_as_often(server.asked().0, one);
}

#[tokio::test(start_paused = true)]
async fn jobs_that_have_ended_are_waited_for_one_after_the_other_without_a_pause() {
    let server = Server::start(seconds(5)).await;
    let client = server.settings().build().expect("a client");
    let jobs: Vec<Job> = future::join_all((0..10).map(|_| submit(&client))).await;
    sleep(seconds(90)).await;
    let begun = Instant::now();
    for job in &jobs {
        assert!(is_done(&job.wait().await.expect("an ending")));
        assert!(is_done(&job.clone().wait().await.expect("the same ending")));
    }
    assert!(begun.elapsed() < seconds(1), "{:?}", begun.elapsed());
    assert_eq!(server.asked(), (10, 20), "one status each, and a result for each wait");
}

#[tokio::test(start_paused = true)]
async fn a_wait_after_the_news_of_the_end_asks_for_the_result_alone() {
    let server = Server::start(seconds(20)).await;
    let job = new_job(&server).await;
    let updates: Vec<_> = job.updates().map(|update| update.expect("news").status).collect().await;
    assert_eq!(updates.last(), Some(&Status::Completed));
    let begun = Instant::now();
    assert!(is_done(&job.wait().await.expect("an ending")));
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    assert_eq!(server.asked(), (updates.len(), 1));

    let server = Server::start(seconds(20)).await;
    let job = new_job(&server).await;
    sleep(seconds(21)).await;
    assert_eq!(job.status().await.expect("news").status, Status::Completed);
    assert!(is_done(&job.wait().await.expect("an ending")));
    assert_eq!(server.asked(), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_wait_asks_once_more_before_it_gives_up() {
    for limit in [1, 2, 10, 25] {
        let server = Server::start(seconds(limit).mul_f64(0.5)).await;
        let client = server.settings().poll(FixedPolling(seconds(30))).build().expect("a client");
        let job = submit(&client).await;
        let begun = Instant::now();
        assert!(is_done(&job.wait_timeout(seconds(limit)).await.expect("an ending")), "{limit}");
        assert!(begun.elapsed() <= seconds(limit));
    }
}

#[tokio::test(start_paused = true)]
async fn handles_that_wait_together_ask_once() {
    let one = one_wait(seconds(60)).await;
    let server = Server::start(seconds(60)).await;
    let job = new_job(&server).await;
    let begun = Instant::now();
    let stream = async { job.updates().count().await };
    let slices = async { while !job.wait_timeout(seconds(1)).await.expect("an ending").is_over() {} };
    let (ended, untyped, updates, ()) = future::join4(job.wait(), job.untyped().wait(), stream, slices).await;
    assert!(is_done(&ended.expect("an ending")) && is_done(&untyped.expect("an ending")));
    assert!(updates + 2 >= server.asked().0, "the stream has what others asked for");
    is_in_time(begun.elapsed(), seconds(60));
    is_as_often(server.asked().0, one);
}

#[tokio::test(start_paused = true)]
async fn handles_made_of_the_id_share_what_is_heard() {
    let one = one_wait(seconds(60)).await;
    let server = Server::start(seconds(60)).await;
    let client = server.settings().build().expect("a client");
    let job = submit(&client).await;
    let begun = Instant::now();
    let waits = future::join_all((0..20).map(|_| {
        let client = client.clone();
        async move { client.untyped_job("r-1").expect("an id").wait().await }
    }));
    let slices = async {
        let slice = async || client.untyped_job("r-1").expect("an id").wait_timeout(seconds(1)).await;
        while !slice().await.expect("an ending").is_over() {}
    };
    let (endings, ()) = future::join(waits, slices).await;
    assert!(endings.into_iter().all(|ending| is_done(&ending.expect("an ending"))));
    is_in_time(begun.elapsed(), seconds(60));
    is_as_often(server.asked().0, one);
    assert_eq!(job.model_id(), Some(MODEL), "each handle knows what it was made with");
    assert_eq!(client.untyped_job("r-1").expect("an id").model_id(), None);
}

#[tokio::test(start_paused = true)]
async fn what_one_handle_hears_another_one_that_sleeps_is_told() {
    let server = Server::start(seconds(5)).await;
    let client = server.settings().poll(FixedPolling(seconds(250))).build().expect("a client");
    let job = submit(&client).await;
    let begun = Instant::now();
    let asks = async {
        sleep(seconds(6)).await;
        job.status().await.expect("news");
    };
    let (ending, ()) = future::join(job.wait(), asks).await;
    assert!(is_done(&ending.expect("an ending")));
    assert!(begun.elapsed() < seconds(7), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn waits_that_are_dropped_at_any_time_ask_no_more_often() {
    let server = Server::start(seconds(120)).await;
    let job = new_job(&server).await;
    let begun = Instant::now();
    for step in 1.. {
        let cut = Duration::from_micros(1 + 379 * (step % 500));
        if let Ok(ending) = timeout(cut, job.wait()).await {
            assert!(is_done(&ending.expect("an ending")));
            break;
        }
    }
    let took = begun.elapsed();
    let one = one_wait(seconds(120)).await;
    // A question that was cut off is asked again a second later.
    assert!(server.asked().0 <= 2 * one, "{:?} {one}", server.asked());
    assert!(took <= seconds(120 + 11), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn waits_that_are_shorter_than_an_answer_hear_it_all_the_same() {
    for (takes, thinks, slice) in [(20, 5000, 1000), (20, 5000, 100), (5, 29_000, 2000), (0, 3000, 1)] {
        let server = Server::slow(seconds(takes), Duration::from_millis(thinks)).await;
        let job = new_job(&server).await;
        let begun = Instant::now();
        while !job.wait_timeout(Duration::from_millis(slice)).await.expect("an ending").is_over() {
            assert!(
                begun.elapsed() < seconds(takes) + Duration::from_millis(4 * thinks),
                "never heard: {:?}",
                server.asked()
            );
        }
        let (statuses, results) = server.asked();
        assert!(statuses <= 8 && results == 1, "{takes} {thinks} {slice}: {statuses} {results}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_ends_with_the_last_handle_of_its_job() {
    let server = Server::slow(seconds(20), seconds(10)).await;
    let client = server.settings().max_concurrent_requests(1).build().expect("a client");
    let job = submit(&client).await;
    sleep(seconds(19)).await;
    timeout(seconds(5), job.wait()).await.expect_err("too slow");
    drop(job);
    let begun = Instant::now();
    submit(&client).await;
    assert!(begun.elapsed() < seconds(1), "its turn is free: {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_cancelled_is_asked_for_its_result_alone() {
    let server = Server::start(seconds(20)).await;
    let job = new_job(&server).await;
    let waiting = tokio::spawn({
        let job = job.clone();
        async move { job.wait().await }
    });
    tokio::task::yield_now().await;
    assert_eq!(job.cancel().await.expect("an answer"), runcomfy::Cancellation::Cancelled);
    assert!(matches!(job.wait().await.expect("an ending"), Ending::Cancelled(_)));
    assert!(matches!(waiting.await.expect("no panic").expect("an ending"), Ending::Cancelled(_)));
    let updates: Vec<_> = job.updates().map(|update| update.expect("news").status).collect().await;
    assert_eq!((updates, server.asked()), (vec![Status::Cancelled], (0, 2)), "a result for each wait");
}

#[tokio::test(start_paused = true)]
async fn limits_bound_the_requests_too() {
    let server = Server::slow(seconds(0), seconds(600)).await;
    let client = server.settings().outage_limit(seconds(7)).build().expect("a client");
    let job = submit(&client).await;
    let begun = Instant::now();
    assert_eq!(job.cost(seconds(5)).await.expect("not known"), None);
    assert!(begun.elapsed() <= Duration::from_millis(5100), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let error = job.wait().await.expect_err("no answer");
    assert!(error.is_retryable() && error.request_id() == Some("r-1"), "{error}");
    // The first question is asked after a pause, and the last one has some time of its own.
    assert!(begun.elapsed() <= seconds(4 + 7 + 7), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_waits_that_are_cut_into_pieces_and_not_those_that_begin_after_it() {
    let server = Server::slow(seconds(0), seconds(600)).await;
    let client = server.settings().outage_limit(seconds(60)).build().expect("a client");
    for slice in [1, 7, 50] {
        let job = submit(&client).await;
        let begun = Instant::now();
        let error = loop {
            match job.wait_timeout(seconds(slice)).await {
                Ok(ending) => assert!(!ending.is_over() && begun.elapsed() < seconds(200), "{slice}"),
                Err(error) => break error,
            }
        };
        assert!(error.is_retryable(), "{slice}: {error}");
        // The last question has ten seconds of its own.
        assert!((60..=70 + 2 * slice + 5).contains(&begun.elapsed().as_secs()), "{slice}: {:?}", begun.elapsed());
        // Nobody waits for an hour: that is no outage, and whoever waits again wants to wait anew.
        timeout(seconds(10), job.wait()).await.expect_err("no answer");
        sleep(seconds(3600)).await;
        let begun = Instant::now();
        assert!(job.wait().await.is_err());
        assert!((45..=80).contains(&begun.elapsed().as_secs()), "{slice}: {:?}", begun.elapsed());
    }
}
