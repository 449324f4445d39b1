//! The reckoning: the client's endings and the emulator's account in, figures out. Believes neither of the two alone.

use std::collections::HashMap;
use std::fmt;

use runcomfy_emulator::{Outcome, Submission};
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
    /// Jobs that succeeded and are charged, whose submit was answered, and whose film is not in the program's hands.
    pub unreachable: usize,
    /// Memory of the client for each job that waits, in bytes.
    pub bytes_per_waiting_job: i64,
    /// What the client says of jobs without an ending.
    #[serde(skip)]
    pub problems: Vec<String>,
}

/// A job that the emulator took.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// Its seed value; `None` if it has none, and so is nobody's.
    pub(super) seed: Option<i64>,
    pub(super) request_id: Option<String>,
    pub(super) outcome: Outcome,
    /// Whether the client could not know of it.
    pub(super) ambiguous: bool,
}

impl From<&Submission> for Taken {
    fn from(submission: &Submission) -> Self {
        Self {
            seed: submission.marker.as_ref().and_then(serde_json::Value::as_i64),
            request_id: submission.request_id.clone(),
            outcome: submission.outcome,
            ambiguous: submission.ambiguous,
        }
    }
}

impl Report {
    /// Holds the endings against the jobs that the emulator took.
    pub(super) fn new(jobs: usize, ends: &[(i64, End)], taken: impl IntoIterator<Item = Taken>) -> Self {
        let mut by_seed: HashMap<Option<i64>, Vec<Taken>> = HashMap::new();
        for job in taken {
            by_seed.entry(job.seed).or_default().push(job);
        }
        let mut report = Self { jobs, lost: jobs.saturating_sub(ends.len()), ..Self::default() };
        report.paid_twice = by_seed.iter().filter(|(seed, jobs)| seed.is_some() && jobs.len() > 1).count();
        for (seed, end) in ends {
            let job = by_seed.remove(&Some(*seed)).and_then(|jobs| jobs.into_iter().next());
            report.count(end);
            if job.as_ref().is_some_and(|job| is_unreachable(job, end)) {
                report.unreachable += 1;
                report.problems.push(format!("job {seed} is out of reach: {end:?}"));
            }
            match (job, end) {
                (_, End::None { why }) => {
                    report.lost += 1;
                    report.problems.push(format!("job {seed}: {why}"));
                }
                (_, End::Unknown) => {}
                (None, _) => report.lost += 1,
                (Some(job), end) => report.unaccounted += usize::from(!agree(&job, end)),
            }
        }
        report.unaccounted += by_seed.values().map(Vec::len).sum::<usize>();
        report
    }

    fn count(&mut self, end: &End) {
        match end {
            End::Succeeded { .. } => self.succeeded += 1,
            End::Failed { .. } => self.failed += 1,
            End::Cancelled { .. } => self.cancelled += 1,
            End::Unknown => self.outcome_unknown += 1,
            End::None { .. } => {}
        }
    }

    /// Whether every job is where it should be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let ended = self.succeeded + self.failed + self.cancelled + self.outcome_unknown;
        ended == self.jobs
            && self.outcome_unknown <= self.ambiguous_faults
            && (self.lost, self.paid_twice, self.unaccounted, self.unreachable) == (0, 0, 0, 0)
    }
}

/// Whether a film that is paid for is out of reach, though the client could know of its job.
fn is_unreachable(job: &Taken, end: &End) -> bool {
    job.outcome == Outcome::Succeeded
        && match end {
            End::Succeeded { film, .. } => film.is_err(),
            _ => !job.ambiguous,
        }
}

/// Whether client and emulator say the same of a job.
fn agree(job: &Taken, end: &End) -> bool {
    let (outcome, request_id) = match end {
        End::Succeeded { request_id, .. } => (Outcome::Succeeded, request_id),
        End::Failed { request_id } => (Outcome::Failed, request_id),
        End::Cancelled { request_id } => (Outcome::Cancelled, request_id),
        End::Unknown | End::None { .. } => return false,
    };
    job.outcome == outcome && job.request_id.as_ref() == Some(request_id)
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
            "{} lost, {} paid twice, {} unaccounted for, {} out of reach; {} bytes for each job that waits",
            self.lost, self.paid_twice, self.unaccounted, self.unreachable, self.bytes_per_waiting_job
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(seed: i64, outcome: Outcome) -> Taken {
        Taken { seed: Some(seed), request_id: Some(format!("id-{seed}")), outcome, ambiguous: false }
    }

    fn id(seed: i64) -> String {
        format!("id-{seed}")
    }

    #[test]
    fn a_sound_run_adds_up() {
        let ends = [
            (0, End::Succeeded { request_id: id(0), film: Ok(()) }),
            (1, End::Failed { request_id: id(1) }),
            (2, End::Cancelled { request_id: id(2) }),
            (3, End::Unknown),
            (4, End::Unknown),
        ];
        let jobs = [
            taken(0, Outcome::Succeeded),
            taken(1, Outcome::Failed),
            taken(2, Outcome::Cancelled),
            taken(3, Outcome::InProgress),
        ];
        let report = Report { ambiguous_faults: 2, ..Report::new(5, &ends, jobs) };
        assert!(report.is_sound(), "{report:?}");
        assert!(!Report { ambiguous_faults: 1, ..report }.is_sound(), "more doubts than reasons for doubt");
    }

    #[test]
    fn every_fault_of_a_client_is_seen() {
        let succeeded = |seed| (seed, End::Succeeded { request_id: id(seed), film: Ok(()) });
        let of = |ends: &[(i64, End)], jobs: &[Taken]| {
            let report = Report::new(1, ends, jobs.to_vec());
            assert!(!report.is_sound(), "{report:?}");
            (report.lost, report.paid_twice, report.unaccounted)
        };
        let job = taken(0, Outcome::Succeeded);
        assert_eq!(of(&[], &[]), (1, 0, 0), "no ending");
        assert_eq!(of(&[succeeded(0)], &[]), (1, 0, 0), "an ending of a job that never was");
        assert_eq!(of(&[(0, End::None { why: String::new() })], &[]), (1, 0, 0), "given up");
        assert_eq!(of(&[succeeded(0)], &[job.clone(), job.clone()]), (0, 1, 0), "two jobs of one input");
        assert_eq!(of(&[succeeded(0)], &[taken(0, Outcome::Failed)]), (0, 0, 1), "another ending");
        assert_eq!(of(&[succeeded(0)], &[taken(0, Outcome::InQueue)]), (0, 0, 1), "not ended at all");
        let other_id = Taken { request_id: Some(id(9)), ..job.clone() };
        assert_eq!(of(&[succeeded(0)], &[other_id]), (0, 0, 1), "another job");
        assert_eq!(of(&[succeeded(0)], &[job.clone(), taken(7, Outcome::Succeeded)]), (0, 0, 1), "of nobody");
        let out_of_reach = |end: End, job: &Taken| {
            let report = Report::new(1, &[(0, end)], [job.clone()]);
            assert_eq!(report.is_sound(), report.unreachable == 0, "{report:?}");
            report.unreachable
        };
        let no_film = End::Succeeded { request_id: id(0), film: Err("cut".to_owned()) };
        assert_eq!(out_of_reach(no_film, &job), 1, "no film");
        assert_eq!(out_of_reach(End::None { why: String::new() }, &job), 1, "given up");
        assert_eq!(of(&[succeeded(0)], &[job, Taken { seed: None, ..taken(7, Outcome::Succeeded) }]), (0, 0, 1));
    }
}
