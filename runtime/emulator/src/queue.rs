//! The queue as a discrete-event simulation: jobs with their lengths in, their states at a moment out.
//!
//! Nothing runs and nobody sleeps: [`Queue::advance`] works off everything that must have happened by now, in the order in
//! which it happened. A job costs a few numbers, whether it waits for a second or a week. Times count from the start of
//! the emulator; whether they come from a clock or a test, the queue can't tell. Knows no models, money or HTTP.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, VecDeque};
use std::time::Duration;

/// A job's place in the order of submission, from 0.
pub(crate) type JobNumber = usize;

/// What a job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It waits for a worker.
    Waiting,
    /// A worker has it since this moment.
    Running { since: Duration },
    /// It ran to its end at this moment.
    Done { at: Duration },
    /// It was cancelled at this moment.
    Cancelled { at: Duration },
}

#[derive(Debug)]
struct Entry {
    length: Duration,
    phase: Phase,
}

/// First come, first served, by a fixed number of workers.
#[derive(Debug)]
pub(crate) struct Queue {
    jobs: Vec<Entry>,
    waiting: VecDeque<JobNumber>,
    /// Cancelled jobs that are still in `waiting`.
    gaps: BTreeSet<JobNumber>,
    /// When each busy worker is free again, soonest first.
    running: BinaryHeap<Reverse<(Duration, JobNumber)>>,
    workers: usize,
    now: Duration,
}

impl Queue {
    /// A queue with at least one worker.
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            jobs: Vec::new(),
            waiting: VecDeque::new(),
            gaps: BTreeSet::new(),
            running: BinaryHeap::new(),
            workers: workers.max(1),
            now: Duration::ZERO,
        }
    }

    /// Works off everything up to `now`. Time never runs backwards: an earlier `now` changes nothing.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(&Reverse((at, job))) = self.running.peek()
            && at <= now
        {
            self.running.pop();
            self.jobs[job].phase = Phase::Done { at };
            self.start_waiting(at);
        }
        self.now = self.now.max(now);
    }

    /// Takes a job of that length; it starts at once if a worker is free.
    pub(crate) fn push(&mut self, length: Duration) -> JobNumber {
        let job = self.jobs.len();
        self.jobs.push(Entry { length, phase: Phase::Waiting });
        self.waiting.push_back(job);
        self.start_waiting(self.now);
        job
    }

    /// Takes a job that waits out of the queue. Says whether it did: what runs or is over can't be cancelled.
    pub(crate) fn cancel(&mut self, job: JobNumber) -> bool {
        let waits = self.jobs[job].phase == Phase::Waiting;
        if waits {
            self.jobs[job].phase = Phase::Cancelled { at: self.now };
            self.gaps.insert(job);
        }
        waits
    }

    pub(crate) fn phase(&self, job: JobNumber) -> Phase {
        self.jobs[job].phase
    }

    /// How many jobs are before this one, from 0; `None` if it does not wait.
    pub(crate) fn position(&self, job: JobNumber) -> Option<usize> {
        let first = *self.waiting.front()?;
        // Jobs leave at the front or as gaps, so what is before a waiting job is a matter of counting.
        (self.jobs[job].phase == Phase::Waiting).then(|| job - first - self.gaps.range(first..job).count())
    }

    fn start_waiting(&mut self, at: Duration) {
        while self.running.len() < self.workers
            && let Some(job) = self.waiting.pop_front()
        {
            if self.gaps.remove(&job) {
                continue;
            }
            self.jobs[job].phase = Phase::Running { since: at };
            self.running.push(Reverse((at.saturating_add(self.jobs[job].length), job)));
        }
    }
}

#[cfg(test)]
mod tests;
