//! A small soak among hostile faults: no job is lost, none is paid for twice, none is out of reach, and a seed repeats a run.

use runcomfy_emulator::Faults;
use workspace_tests::soak::{self, Options, Report};

fn soak(jobs: usize) -> Report {
    let options = Options { jobs, faults: Faults::hostile(), seed: 7 };
    soak::run(&options, |work| {
        work();
        0
    })
    .expect("an emulator and a client")
}

#[test]
fn three_hundred_jobs_among_hostile_faults_are_all_accounted_for() {
    let report = soak(300);
    assert!(report.is_sound(), "{report}\n{:#?}", report.problems);
    let Report { succeeded, failed, cancelled, outcome_unknown, .. } = report;
    assert!([succeeded, failed, cancelled, outcome_unknown].iter().all(|count| *count > 0), "{report}");
}

#[test]
fn a_seed_repeats_a_run() {
    assert_eq!(soak(60), soak(60));
}
