//! When to ask for a job's status again: what is known of the job in, a pause out. Must not ask or wait itself.

use std::time::Duration;

use super::status::Status;

/// Decides how long to wait before a job's status is asked for again.
///
/// The client draws up to a tenth more or less, so that many jobs don't ask at the same moment, and keeps the pause
/// between 10 milliseconds and 5 minutes.
pub trait PollPolicy: Send + Sync + 'static {
    /// The pause before the next question.
    fn next_poll(&self, seen: &PollContext<'_>) -> Duration;
}

/// What is known of a job when a pause is chosen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PollContext<'a> {
    /// What was last heard; `None` right after the submit.
    pub status: Option<&'a Status>,
    /// How many jobs were before it, if it was queued and the server said so.
    pub queue_position: Option<u64>,
    /// The time since the submit, or since a resumed job was first asked about.
    pub elapsed: Duration,
    /// How often the status was asked for.
    pub polls: u32,
}

impl<'a> PollContext<'a> {
    /// What is known, for tests and simulations of a policy.
    #[must_use]
    pub fn new(status: Option<&'a Status>, queue_position: Option<u64>, elapsed: Duration, polls: u32) -> Self {
        Self { status, queue_position, elapsed, polls }
    }
}

/// The default: the longer a job took so far, the longer the pauses.
///
/// A pause is a fixed share of the elapsed time, never below 2.5 seconds and never above 30: a job that took `t` seconds
/// is then noticed, on average, half a share of `t` after its end, and the number of questions grows with the logarithm
/// of `t`. Behind others in the queue a job can't end before they have, so the share grows with its position.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct AdaptivePolling;

impl AdaptivePolling {
    const MIN: Duration = Duration::from_millis(2500);
    const MAX: Duration = Duration::from_secs(30);
    /// Of the elapsed time.
    const SHARE: f64 = 0.07;
    /// Positions beyond this one don't make the pauses longer.
    const POSITIONS: u64 = 3;
}

impl PollPolicy for AdaptivePolling {
    fn next_poll(&self, seen: &PollContext<'_>) -> Duration {
        let ahead = match seen.status {
            Some(Status::InQueue) => seen.queue_position.unwrap_or(0).min(Self::POSITIONS),
            _ => 0,
        };
        let share = Self::SHARE * (1 + ahead) as f64;
        seen.elapsed.mul_f64(share).clamp(Self::MIN, Self::MAX)
    }
}

/// The same pause each time.
#[derive(Clone, Copy, Debug)]
pub struct FixedPolling(
    /// The pause.
    pub Duration,
);

impl PollPolicy for FixedPolling {
    fn next_poll(&self, _: &PollContext<'_>) -> Duration {
        self.0
    }
}

/// The pause that is waited: the policy's, drawn and bounded.
pub(crate) fn pause(policy: &dyn PollPolicy, seen: &PollContext<'_>) -> Duration {
    let drawn = policy.next_poll(seen).min(MAX_PAUSE).mul_f64(0.9 + 0.2 * fastrand::f64());
    drawn.clamp(MIN_PAUSE, MAX_PAUSE)
}

const MIN_PAUSE: Duration = Duration::from_millis(10);
const MAX_PAUSE: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    /// How often a job that ends after `end` seconds is asked about, and how long after its end that is noticed.
    fn follow(policy: &dyn PollPolicy, end: f64, queued: f64) -> (u32, f64) {
        let (mut now, mut polls, mut status) = (Duration::ZERO, 0, None);
        while now.as_secs_f64() < end {
            let position = (status == Some(Status::InQueue)).then_some(2);
            now += pause(policy, &PollContext::new(status.as_ref(), position, now, polls));
            polls += 1;
            status = Some(if now.as_secs_f64() < queued { Status::InQueue } else { Status::InProgress });
        }
        (polls, now.as_secs_f64() - end)
    }

    /// Durations from 5 seconds to 20 minutes, log-uniform.
    fn durations() -> impl Iterator<Item = f64> {
        (0..4000).map(|step| 5.0 * 240_f64.powf((f64::from(step) + 0.5) / 4000.0))
    }

    #[test]
    fn two_fifths_of_the_polls_of_a_fixed_loop_and_no_late_notice() {
        fastrand::seed(1);
        for queued in [0.0, 0.5] {
            let (mut polls, mut fixed) = (0, 0);
            // The mean delay, by duration in steps of a factor of about 1.3.
            let (mut delays, mut limits) = ([0.0; 20], [0.0; 20]);
            for (place, end) in durations().enumerate() {
                let (asked, delay) = follow(&AdaptivePolling, end, end * queued);
                polls += asked;
                fixed += (end / 2.0).ceil() as u32;
                delays[place / 200] += delay;
                limits[place / 200] += f64::max(2.0, end * 0.05);
            }
            assert!(f64::from(polls) <= 0.4 * f64::from(fixed), "{polls} of {fixed}");
            for (delay, limit) in delays.into_iter().zip(limits) {
                assert!(delay <= limit, "{} s on average, allowed {} s", delay / 200.0, limit / 200.0);
            }
        }
    }

    #[test]
    fn the_simulation_finds_a_policy_that_is_too_lazy() {
        let (_, delay) = follow(&FixedPolling(Duration::from_secs(60)), 30.0, 0.0);
        assert!(delay > 2.0);
    }

    #[test]
    fn no_policy_gets_out_of_the_bounds() {
        let seen = PollContext::new(None, None, Duration::ZERO, 0);
        assert_eq!(pause(&FixedPolling(Duration::ZERO), &seen), MIN_PAUSE);
        assert!(pause(&FixedPolling(Duration::MAX), &seen) >= MAX_PAUSE.mul_f64(0.9));
        assert!(pause(&FixedPolling(Duration::MAX), &seen) <= MAX_PAUSE);
    }
}
