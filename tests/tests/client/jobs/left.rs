//! Several clients in several runtimes, one of which nobody drives any more while its jobs wait. By the true clock, for each
//! runtime has one of its own.

use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use futures_util::future::{join_all, try_join_all};
use runcomfy::{Client, Ending, Error, FixedPolling, Job, Model};
use runcomfy_emulator::Emulator;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{emulator, input, seconds, settings};

/// How many jobs each client of a runtime has.
const JOBS: usize = 20;
/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

type Waiting = Job<<Input as Model>::Output>;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn client(emulator: &Emulator) -> Client {
    // Fewer turns than jobs, so that some hold one and others wait for theirs whenever a runtime stops.
    let client = settings(emulator).poll(FixedPolling(Duration::from_millis(20))).max_concurrent_requests(3);
    client.build().expect("a client")
}

/// Submits the jobs of a runtime, by a client that all share and one of its own.
async fn submitted(clients: [&Client; 2]) -> Vec<Waiting> {
    let submit = |client: &Client| {
        let client = client.clone();
        async move { client.submit(&input()).await }
    };
    try_join_all(clients.into_iter().flat_map(|client| (0..JOBS).map(move |_| submit(client)))).await.expect("jobs")
}

/// Waits for all of them.
async fn ended(jobs: &[Waiting]) -> usize {
    let endings = timeout(PATIENCE, try_join_all(jobs.iter().map(Job::wait))).await;
    let endings = endings.expect("no wait stands still").expect("no error");
    endings.iter().filter(|ending| matches!(ending, Ending::Succeeded(_))).count()
}

fn spawned(runtime: &Runtime, jobs: &[Waiting]) -> Vec<JoinHandle<Result<bool, Error>>> {
    let wait = |job: Waiting| async move { Ok(matches!(job.wait().await?, Ending::Succeeded(_))) };
    jobs.iter().map(|job| runtime.spawn(wait(job.clone()))).collect()
}

#[test]
fn the_jobs_of_a_runtime_that_nobody_drives_keep_none_waiting_and_end_when_it_is_driven_again() {
    let server = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let emulator =
        server.block_on(emulator(|builder| builder.processing_time(seconds(10)).speed(20.0).workers(4 * JOBS)));
    let (shared, first, second) = (client(&emulator), client(&emulator), client(&emulator));

    let left = runtime();
    let jobs = left.block_on(submitted([&shared, &first]));
    let waits = spawned(&left, &jobs);
    left.block_on(async { sleep(Duration::from_millis(30)).await });
    // From here on nobody drives it: some of its jobs have a question under way, others wait for their turn or their time.

    let other = runtime();
    let others = other.block_on(submitted([&shared, &second]));
    assert_eq!(other.block_on(ended(&others)), 2 * JOBS, "jobs of another runtime");
    assert_eq!(other.block_on(ended(&jobs)), 2 * JOBS, "its own jobs, waited for elsewhere");
    drop(other);

    let waits = left.block_on(async { timeout(PATIENCE, join_all(waits)).await });
    let waits = waits.expect("no wait stands still");
    assert!(waits.iter().all(|wait| matches!(wait, Ok(Ok(true)))), "{waits:?}");
    let account = emulator.account();
    assert_eq!((account.accepted().count(), account.submissions().len()), (4 * JOBS, 4 * JOBS));
    server.block_on(emulator.stop());
}
