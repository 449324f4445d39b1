//! The reckoning: the emulator's account and the table in, figures out. Believes neither of the two alone.

use std::collections::HashSet;
use std::fmt;

use futures_util::TryStreamExt as _;
use runcomfy_runner::{Batch, Record, State, Usd, check_manifest};
use serde::Serialize;

use crate::{BATCH, Desk};

/// How a soak went.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Jobs that succeeded.
    pub succeeded: u64,
    /// Jobs that failed on the server, unpaid.
    pub failed: u64,
    /// Jobs that the server or a check refused.
    pub refused: u64,
    /// Jobs that no budget had room for.
    pub held_back: u64,
    /// Ids beside the rows: none may be, for the person was right.
    pub strays: usize,
    /// What the emulator took.
    pub accepted: usize,
    /// Submits that the emulator disturbed so that nobody could know.
    pub ambiguous_faults: usize,
    /// Jobs of which the emulator took more than one.
    pub paid_twice: usize,
    /// Requests that the emulator took and the table does not know.
    pub lost: usize,
    /// What was paid beyond the budget, in millionths of a dollar.
    pub over_budget: i64,
    /// Workers that were killed.
    pub killed: u64,
    /// Workers that were stopped beyond their leases and continued.
    pub stopped: u64,
    /// Workers whose disk took no more.
    pub full_disks: u64,
    /// How often the database server was ended and started again.
    pub restarts: u64,
    /// Workers that could not start.
    pub failed_starts: u64,
    /// How long it took.
    pub seconds: f64,
    /// How many small transactions the database commits in a second, one after the other, when nobody else works.
    pub commits_per_second: f64,
    /// What is wrong, in words.
    #[serde(skip)]
    pub problems: Vec<String>,
}

/// The number in a job's key.
pub(crate) fn seed(key: &str) -> u32 {
    key.trim_start_matches("film-").parse().unwrap_or(u32::MAX)
}

pub(crate) async fn held_against(desk: &Desk, batch: &Batch, report: Report) -> Result<Report, String> {
    let records: Vec<Record> = batch.records().try_collect().await.map_err(|error| error.to_string())?;
    let summary = batch.summary().await.map_err(|error| error.to_string())?;
    let account = desk.emulator.account();
    let mut report = Report {
        succeeded: summary.count(State::Succeeded),
        failed: summary.count(State::Failed),
        refused: summary.count(State::Refused),
        held_back: summary.over_budget,
        strays: records.iter().map(|record| record.strays.len()).sum(),
        accepted: account.accepted().count(),
        ambiguous_faults: account.ambiguous_faults(),
        paid_twice: account.paid_twice().len(),
        ..report
    };
    let beside = |record: &Record| {
        record.strays.iter().chain(&record.attempts).filter_map(|one| one.request_id.clone()).collect::<Vec<_>>()
    };
    let known: HashSet<String> =
        records.iter().flat_map(|record| record.request_id.clone().into_iter().chain(beside(record))).collect();
    let mut problems = Vec::new();
    for taken in account.accepted().filter(|taken| taken.request_id.as_ref().is_none_or(|id| !known.contains(id))) {
        report.lost += 1;
        problems.push(format!(
            "the emulator took {:?} as {:?}, which the table does not know",
            taken.marker, taken.request_id
        ));
    }
    let spent = i64::try_from(account.spent().micros()).unwrap_or(i64::MAX);
    report.over_budget = (spent - desk.budget.micros()).max(0);
    if summary.spent != Usd::from_micros(spent) || summary.reserved != Usd::ZERO {
        problems.push(format!(
            "the account says {}, the table {} and {}",
            Usd::from_micros(spent),
            summary.spent,
            summary.reserved
        ));
    }
    let ended = report.succeeded + report.failed + report.refused + report.held_back;
    if ended != records.len() as u64 {
        problems.push(format!("{ended} of {} jobs have come to an end: {summary}", records.len()));
    }
    let without: Vec<&str> =
        records.iter().filter(|r| r.state == "succeeded" && r.files.is_empty()).map(|r| r.key.as_str()).collect();
    if report.killed > 0 {
        if !without.is_empty() {
            problems.push(format!("no film of {without:?}"));
        }
        let folder = desk.films();
        batch.write_manifest(&folder).await.map_err(|error| error.to_string())?;
        problems.extend(check_manifest(&folder.join(BATCH).join("manifest.jsonl")).map_err(|error| error.to_string())?);
    }
    problems.extend((report.paid_twice > 0).then(|| format!("paid twice: {:?}", account.paid_twice())));
    problems.extend((report.strays > 0).then(|| format!("{} ids that no row could take", report.strays)));
    report.problems = problems;
    Ok(report)
}

impl Report {
    /// Whether nothing was paid twice, lost, or paid beyond the budget, and every job and every film is where it should be.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.paid_twice == 0 && self.lost == 0 && self.over_budget == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { succeeded, failed, refused, held_back, accepted, seconds, .. } = self;
        writeln!(
            f,
            "{succeeded} succeeded, {failed} failed, {refused} refused, {held_back} held back, in {seconds:.0} s"
        )?;
        writeln!(f, "{accepted} taken, {} of the submits disturbed", self.ambiguous_faults)?;
        writeln!(
            f,
            "paid twice: {}, lost: {}, over budget: {}",
            self.paid_twice,
            self.lost,
            Usd::from_micros(self.over_budget)
        )?;
        write!(
            f,
            "{} killed, {} stopped, {} without a disk, {} restarts of the server",
            self.killed, self.stopped, self.full_disks, self.restarts
        )
    }
}
