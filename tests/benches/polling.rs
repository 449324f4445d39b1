//! How often the client asks about a job, and how late it hears of its end, against a loop that asks every two seconds.
//! Durations are log-uniform from 5 seconds to 20 minutes; the clock is tokio's, paused, so nothing is waited for. Then the
//! same for waits that are cut into pieces, by the client itself against a server.
//!
//! `cargo bench -p benches --bench polling`
#![expect(clippy::print_stdout, reason = "a bench shows what it found")]

use std::time::Duration;

use fastrand::Rng;
use futures_util::StreamExt as _;
use runcomfy::{AdaptivePolling, Ending, FixedPolling, Job, PollContext, PollPolicy, Status};
use tokio::time::{Instant, sleep};
use workspace_tests::server::Server;

const JOBS: usize = 20_000;
const SHAPED_JOBS: u32 = 60;
const SHORTEST: f64 = 5.0;
const LONGEST: f64 = 1200.0;
/// Jobs are shown in groups of similar length.
const GROUPS: usize = 8;

/// What following a job took.
#[derive(Clone, Copy, Default)]
struct Sum {
    jobs: f64,
    seconds: f64,
    polls: f64,
    delay: f64,
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    for queued in [0.0, 0.5] {
        println!("jobs that wait in the queue for {:.0} % of their time:", queued * 100.0);
        let fixed = runtime.block_on(measure(&FixedPolling(Duration::from_secs(2)), 0.0, queued));
        let adaptive = runtime.block_on(measure(&AdaptivePolling::default(), 0.1, queued));
        println!("  seconds   polls   of fixed   mean delay   aim");
        for (adaptive, fixed) in adaptive.iter().zip(&fixed) {
            let (seconds, delay) = (adaptive.seconds / adaptive.jobs, adaptive.delay / adaptive.jobs);
            println!(
                "  {seconds:7.0} {:7.1} {:8.0} % {delay:10.1} s {:5.1} s",
                adaptive.polls / adaptive.jobs,
                adaptive.polls / fixed.polls * 100.0,
                (seconds * 0.05).max(2.0),
            );
        }
        let polls = |sums: &[Sum]| sums.iter().map(|sum| sum.polls).sum::<f64>();
        println!("  all: {:.0} % of the polls of a fixed loop", polls(&adaptive) / polls(&fixed) * 100.0);
    }
    println!("waits in pieces, by the client:");
    println!("  {:34} polls   mean delay", "");
    for shape in Shape::ALL {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
        let sum = runtime.block_on(shape.measure());
        println!("  {:34} {:5.1} {:10.1} s", shape.name(), sum.polls / sum.jobs, sum.delay / sum.jobs);
    }
    Ok(())
}

/// How a program may wait for a job.
#[derive(Clone, Copy)]
enum Shape {
    Once,
    Slices(u64),
    Ticks(u64),
    StreamThenWait,
    Together,
    Late,
    OneAfterAnother(usize),
}

impl Shape {
    const ALL: [Self; 9] = [
        Self::Once,
        Self::Slices(1),
        Self::Slices(7),
        Self::Slices(60),
        Self::Ticks(2),
        Self::StreamThenWait,
        Self::Together,
        Self::Late,
        Self::OneAfterAnother(10),
    ];

    fn name(self) -> String {
        match self {
            Self::Once => "one wait".to_owned(),
            Self::Slices(seconds) => format!("waits of at most {seconds} s"),
            Self::Ticks(seconds) => format!("select! with a tick of {seconds} s"),
            Self::StreamThenWait => "a stream, then a wait".to_owned(),
            Self::Together => "a stream and two waits together".to_owned(),
            Self::Late => "one wait, 90 s after the end".to_owned(),
            Self::OneAfterAnother(jobs) => format!("{jobs} jobs, one after another"),
        }
    }

    /// How many jobs are submitted at once.
    fn jobs(self) -> usize {
        if let Self::OneAfterAnother(jobs) = self { jobs } else { 1 }
    }

    async fn measure(self) -> Sum {
        let mut sum = Sum::default();
        for step in 0..SHAPED_JOBS {
            let place = (f64::from(step) + 0.5) / f64::from(SHAPED_JOBS);
            let takes = Duration::from_secs_f64(SHORTEST * (LONGEST / SHORTEST).powf(place));
            let server = Server::start(takes).await;
            let client = server.settings().build().expect("a client");
            let mut jobs = Vec::new();
            for _ in 0..self.jobs() {
                jobs.push(client.submit_json("a/b/c", &serde_json::json!({})).await.expect("accepted"));
            }
            // All of them end at the same time. The first is waited for as long as it takes, the others are late.
            let mut due = Instant::now() + takes;
            if matches!(self, Self::Late) {
                sleep(takes + Duration::from_secs(90)).await;
                due = Instant::now();
            }
            for job in &jobs {
                self.wait(job).await;
                sum.jobs += 1.0;
                sum.delay += due.elapsed().as_secs_f64();
            }
            sum.polls += server.asked().0 as f64;
        }
        sum
    }

    async fn wait(self, job: &Job) {
        let ending = match self {
            Self::Once | Self::Late | Self::OneAfterAnother(_) => job.wait().await,
            Self::Slices(seconds) => loop {
                match job.wait_timeout(Duration::from_secs(seconds)).await {
                    Ok(Ending::StillRunning(_)) => {}
                    ending => break ending,
                }
            },
            Self::Ticks(seconds) => loop {
                tokio::select! {
                    ending = job.wait() => break ending,
                    () = sleep(Duration::from_secs(seconds)) => {}
                }
            },
            Self::StreamThenWait => {
                job.updates().count().await;
                job.wait().await
            }
            Self::Together => tokio::join!(job.wait(), job.wait(), job.updates().count()).0,
        };
        assert!(ending.expect("an ending").is_over());
    }
}

async fn measure(policy: &dyn PollPolicy, jitter: f64, queued: f64) -> [Sum; GROUPS] {
    let mut rng = Rng::with_seed(1);
    let mut sums = [Sum::default(); GROUPS];
    for _ in 0..JOBS {
        let place = rng.f64();
        let seconds = SHORTEST * (LONGEST / SHORTEST).powf(place);
        let (polls, delay) = follow(policy, &mut rng, jitter, seconds, queued).await;
        let sum = &mut sums[(place * GROUPS as f64) as usize];
        sum.jobs += 1.0;
        sum.seconds += seconds;
        sum.polls += f64::from(polls);
        sum.delay += delay;
    }
    sums
}

/// Asks as the client does, until the job is over. Gives how often, and how long after the end.
async fn follow(policy: &dyn PollPolicy, rng: &mut Rng, jitter: f64, seconds: f64, queued: f64) -> (u32, f64) {
    let start = Instant::now();
    let mut polls = 0;
    let mut status = None;
    loop {
        let position = (status == Some(Status::InQueue)).then_some(1);
        let seen = PollContext::new(status.as_ref(), position, start.elapsed(), polls);
        sleep(policy.next_poll(&seen).mul_f64(1.0 - jitter + 2.0 * jitter * rng.f64())).await;
        polls += 1;
        let elapsed = start.elapsed().as_secs_f64();
        if elapsed >= seconds {
            return (polls, elapsed - seconds);
        }
        status = Some(if elapsed < seconds * queued { Status::InQueue } else { Status::InProgress });
    }
}
