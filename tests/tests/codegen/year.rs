//! A simulated year of a maintainer: nothing moves untold, reaches a wrong node, is judged wrongly or asked needlessly; and
//! each of these is found where a fault is planted. Any number of weeks: `cargo run -p workspace-tests --example year`.

use workspace_tests::year::fault::Fault;
use workspace_tests::year::{Options, Report, run};

const WEEKS: usize = 52;

fn year(seed: u64, weeks: usize, fault: Option<Fault>) -> Report {
    run(&Options { weeks, seed, models: 1, fault })
}

#[test]
fn a_year_of_weekly_changes_is_taken_over_as_it_is() {
    let mut all = Report::default();
    for seed in [3, 4] {
        let report = year(seed, WEEKS, None);
        assert!(report.is_sound(), "{report}\n{}", report.problems.join("\n"));
        all.add(&report);
    }
    // What counts nothing shows nothing.
    assert!(all.questions > 3 && all.answered_before > 0 && all.names > 1000 && all.values > 1000, "{all}");
    assert!(all.verdicts > WEEKS && all.instances > WEEKS && all.events.len() >= 20, "{all}");
}

#[test]
fn each_count_counts() {
    let counted = |fault, count: fn(&Report) -> usize| {
        let report = year(5, 8, Some(fault));
        assert!(count(&report) > 0, "{fault:?}: {report}\n{}", report.problems.join("\n"));
    };
    counted(Fault::Renames, |report| report.names_moved);
    counted(Fault::Exchanges, |report| report.wrong_nodes);
    counted(Fault::Forgets, |report| report.needless_stops);
    counted(Fault::Reassures, |report| report.wrong_verdicts);
    counted(Fault::Alarms, |report| report.wrong_verdicts);
}
