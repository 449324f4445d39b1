//! How often the client asks about a job, and how late it hears of its end, against a loop that asks every two seconds.
//! Durations are log-uniform from 5 seconds to 20 minutes; the clock is tokio's, paused, so nothing is waited for.
//!
//! `cargo bench -p workspace-tests --bench polling`
#![expect(clippy::print_stdout, reason = "a bench shows what it found")]

use std::time::Duration;

use fastrand::Rng;
use runcomfy::{AdaptivePolling, FixedPolling, PollContext, PollPolicy, Status};
use tokio::time::{Instant, sleep};

const JOBS: usize = 20_000;
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
    Ok(())
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
