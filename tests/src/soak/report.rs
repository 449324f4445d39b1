//! The reckoning: the client's endings and the emulator's account in, figures out. Believes neither of the two alone.

use std::collections::HashMap;
use std::fmt;

use runcomfy_emulator::{Fault, Outcome, Submission};
use serde::Serialize;

use super::jobs::End;

/// How the jobs of a soak ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How many jobs there were. The four endings add up to it.
    pub jobs: usize,
    /// Jobs whose output came.
    pub succeeded: usize,
    /// Jobs that failed on the server.
    pub failed: usize,
    /// Jobs that were cancelled in time.
    pub cancelled: usize,
    /// Jobs of which the client says that nobody can know whether they exist.
    pub outcome_unknown: usize,
    /// Submits that the emulator disturbed so that nobody could know.
    pub ambiguous_faults: usize,
    /// Jobs without an ending, and jobs that ended for the client but never existed for the emulator.
    pub lost: usize,
    /// Jobs of which the emulator took more than one.
    pub paid_twice: usize,
    /// Jobs that the emulator took and the client can't account for: of nobody, under another id, or with another ending.
    pub unaccounted: usize,
    /// Jobs that succeeded and are charged, whose id the client was told, and whose film is not in the program's hands.
    pub unreachable: usize,
    /// Jobs of which the client says that nobody can know, though it could.
    pub needless_doubts: usize,
    /// Memory of the client for each job that waits, in bytes.
    pub bytes_per_waiting_job: i64,
    /// What is wrong with single jobs: what the client says of them, and what the emulator saw.
    #[serde(skip)]
    pub problems: Vec<String>,
}

/// A submit that the emulator saw.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// Its seed value; `None` if it has none, and so is nobody's.
    pub(super) seed: Option<i64>,
    pub(super) request_id: Option<String>,
    pub(super) outcome: Outcome,
    /// Whether the client could not know what became of it.
    pub(super) ambiguous: bool,
}

impl From<&Submission> for Sent {
    fn from(submission: &Submission) -> Self {
        // Answers that have the whole id, and are no JSON or no answers to a submit.
        let tells_id = matches!(
            submission.fault,
            Some(
                Fault::BrokenJson
                    | Fault::CutAfterId
                    | Fault::OddJson(_)
                    | Fault::Told(_)
                    | Fault::Denied(..)
                    | Fault::Head(_)
                    | Fault::Unended(..)
                    | Fault::Encoding(_)
            )
        );
        Self {
            seed: submission.marker.as_ref().and_then(serde_json::Value::as_i64),
            request_id: submission.request_id.clone(),
            outcome: submission.outcome,
            ambiguous: submission.ambiguous && !tells_id,
        }
    }
}

impl Report {
    /// Holds the endings against what the emulator saw.
    pub(super) fn new(jobs: usize, ends: &[(i64, End)], sent: impl IntoIterator<Item = Sent>) -> Self {
        let mut by_seed: HashMap<Option<i64>, Vec<Sent>> = HashMap::new();
        for submit in sent {
            by_seed.entry(submit.seed).or_default().push(submit);
        }
        let taken = |sent: &[Sent]| sent.iter().filter(|submit| submit.outcome.is_accepted()).count();
        let mut report = Self { jobs, lost: jobs.saturating_sub(ends.len()), ..Self::default() };
        report.paid_twice = by_seed.iter().filter(|(seed, sent)| seed.is_some() && taken(sent) > 1).count();
        for (seed, end) in ends {
            let sent = by_seed.remove(&Some(*seed)).unwrap_or_default();
            report.count(end);
            report.judge(*seed, end, &sent);
        }
        report.unaccounted += by_seed.values().map(|sent| taken(sent)).sum::<usize>();
        report
    }

    /// Holds one ending against the submits of its job.
    fn judge(&mut self, seed: i64, end: &End, sent: &[Sent]) {
        let job = sent.iter().find(|submit| submit.outcome.is_accepted());
        let is_unknown = matches!(end, End::Unknown { .. });
        let is_doubtful = sent.iter().any(|submit| submit.ambiguous);
        let found = [
            (&mut self.lost, matches!(end, End::None { .. }) || !is_unknown && job.is_none()),
            (&mut self.unaccounted, job.is_some_and(|job| contradicts(job, end))),
            (&mut self.unreachable, job.is_some_and(|job| is_unreachable(job, end))),
            (&mut self.needless_doubts, is_unknown && !is_doubtful),
        ];
        let mut is_sound = true;
        for (count, found) in found {
            *count += usize::from(found);
            is_sound &= !found;
        }
        if !is_sound {
            self.problems.push(format!("job {seed}: {end:?}, but the server saw {sent:?}"));
        }
    }

    fn count(&mut self, end: &End) {
        match end {
            End::Succeeded { .. } => self.succeeded += 1,
            End::Failed { .. } => self.failed += 1,
            End::Cancelled { .. } => self.cancelled += 1,
            End::Unknown { .. } => self.outcome_unknown += 1,
            End::None { .. } => {}
        }
    }

    /// Whether every job is where it should be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let ended = self.succeeded + self.failed + self.cancelled + self.outcome_unknown;
        let faults = [self.lost, self.paid_twice, self.unaccounted, self.unreachable, self.needless_doubts];
        ended == self.jobs && faults == [0; 5]
    }
}

/// Whether a film that is paid for is out of reach, though the client could know of its job.
fn is_unreachable(job: &Sent, end: &End) -> bool {
    job.outcome == Outcome::Succeeded
        && match end {
            End::Succeeded { film, .. } => film.is_err(),
            _ => !job.ambiguous,
        }
}

/// Whether client and emulator say different things of a job's end.
fn contradicts(job: &Sent, end: &End) -> bool {
    let (outcome, request_id) = match end {
        End::Succeeded { request_id, .. } => (Outcome::Succeeded, request_id),
        End::Failed { request_id } => (Outcome::Failed, request_id),
        End::Cancelled { request_id } => (Outcome::Cancelled, request_id),
        End::Unknown { .. } | End::None { .. } => return false,
    };
    job.outcome != outcome || job.request_id.as_ref() != Some(request_id)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} jobs: {} succeeded, {} failed, {} cancelled, {} of unknown outcome ({} submits disturbed so that nobody \
             could know)",
            self.jobs, self.succeeded, self.failed, self.cancelled, self.outcome_unknown, self.ambiguous_faults
        )?;
        write!(
            f,
            "{} lost, {} paid twice, {} unaccounted for, {} out of reach, {} doubted for nothing; {} bytes for each job that \
             waits",
            self.lost,
            self.paid_twice,
            self.unaccounted,
            self.unreachable,
            self.needless_doubts,
            self.bytes_per_waiting_job
        )
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    fn sent(seed: i64, outcome: Outcome) -> Sent {
        Sent { seed: Some(seed), request_id: Some(id(seed)), outcome, ambiguous: false }
    }

    fn doubtful(seed: i64, outcome: Outcome) -> Sent {
        Sent { ambiguous: true, ..sent(seed, outcome) }
    }

    fn id(seed: i64) -> String {
        format!("id-{seed}")
    }

    fn unknown() -> End {
        End::Unknown { why: String::new() }
    }

    #[test]
    fn a_sound_run_adds_up() {
        let ends = [
            (0, End::Succeeded { request_id: id(0), film: Ok(()) }),
            (1, End::Failed { request_id: id(1) }),
            (2, End::Cancelled { request_id: id(2) }),
            (3, unknown()),
            (4, unknown()),
        ];
        let emulator = [
            sent(0, Outcome::Rejected(429_001)),
            sent(0, Outcome::Succeeded),
            sent(1, Outcome::Failed),
            sent(2, Outcome::Cancelled),
            doubtful(3, Outcome::Succeeded),
            doubtful(4, Outcome::Dropped),
        ];
        let report = Report::new(5, &ends, emulator);
        assert!(report.is_sound(), "{report:?}");
    }

    #[test]
    fn every_fault_of_a_client_is_seen() {
        let succeeded = |seed| (seed, End::Succeeded { request_id: id(seed), film: Ok(()) });
        let of = |ends: &[(i64, End)], emulator: &[Sent]| {
            let report = Report::new(1, ends, emulator.to_vec());
            assert!(!report.is_sound(), "{report:?}");
            [report.lost, report.paid_twice, report.unaccounted, report.unreachable, report.needless_doubts]
        };
        let job = sent(0, Outcome::Succeeded);
        let given_up = || End::None { why: String::new() };
        let no_film = || End::Succeeded { request_id: id(0), film: Err("cut".to_owned()) };
        let of_another_id = Sent { request_id: Some(id(9)), ..job.clone() };
        let of_nobody = Sent { seed: None, ..sent(7, Outcome::Succeeded) };
        assert_eq!(of(&[], &[]), [1, 0, 0, 0, 0], "no ending");
        assert_eq!(of(&[succeeded(0)], &[]), [1, 0, 0, 0, 0], "an ending of a job that never was");
        assert_eq!(of(&[(0, given_up())], &[]), [1, 0, 0, 0, 0], "given up");
        assert_eq!(of(&[(0, given_up())], from_ref(&job)), [1, 0, 0, 1, 0], "given up and paid");
        assert_eq!(of(&[succeeded(0)], &[job.clone(), job.clone()]), [0, 1, 0, 0, 0], "two jobs of one input");
        assert_eq!(of(&[succeeded(0)], &[sent(0, Outcome::Failed)]), [0, 0, 1, 0, 0], "another ending");
        assert_eq!(of(&[succeeded(0)], &[sent(0, Outcome::InQueue)]), [0, 0, 1, 0, 0], "not ended at all");
        assert_eq!(of(&[succeeded(0)], &[of_another_id]), [0, 0, 1, 0, 0], "another job");
        assert_eq!(of(&[succeeded(0)], &[job.clone(), sent(7, Outcome::Succeeded)]), [0, 0, 1, 0, 0], "of nobody");
        assert_eq!(of(&[succeeded(0)], &[job.clone(), of_nobody]), [0, 0, 1, 0, 0], "without a seed value");
        assert_eq!(of(&[(0, no_film())], from_ref(&job)), [0, 0, 0, 1, 0], "no film");
        assert_eq!(of(&[(0, unknown())], &[job]), [0, 0, 0, 1, 1], "doubted though it was told");
        assert_eq!(of(&[(0, unknown())], &[sent(0, Outcome::Dropped)]), [0, 0, 0, 0, 1], "doubted though refused");
    }
}
