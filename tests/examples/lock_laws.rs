//! The matching rules against many random changes, kind by kind: how often they were right, asked, took one of two equal
//! fields for the other, or were wrong.
//!
//! `cargo run --release -p workspace-tests --example lock_laws -- --cases 100000 --seed 1`
//!
//! The last line is JSON. The exit code is 1 if anything was wrong, and 2 if the arguments are.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitCode;

use workspace_tests::lock_cases::{Case, KINDS, Outcome, judge};

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let Some((cases, seed)) = arguments() else {
        writeln!(io::stderr(), "usage: lock_laws [--cases N] [--seed N]")?;
        return Ok(ExitCode::from(2));
    };
    let mut kinds = serde_json::Map::new();
    let mut wrong = 0;
    for kind in KINDS {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut tally: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..cases {
            let case = Case::random(kind, &mut rng);
            let label = match judge(&case, &case.pairs()) {
                Outcome::Ok => "ok".to_owned(),
                Outcome::Stop(rule) => format!("stop {rule}"),
                Outcome::Twin => "twin".to_owned(),
                Outcome::Wrong => "wrong".to_owned(),
            };
            *tally.entry(label).or_default() += 1;
        }
        wrong += tally.get("wrong").copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a percentage for people")]
        let share = |count: u64| 100.0 * count as f64 / cases as f64;
        let shares: Vec<String> = tally.iter().map(|(label, count)| format!("{label} {:.2}%", share(*count))).collect();
        writeln!(out, "{:<38} {}", kind.name, shares.join("  "))?;
        kinds.insert(kind.name.to_owned(), serde_json::json!(tally));
    }
    let report = serde_json::json!({ "cases": cases, "seed": seed, "wrong": wrong, "kinds": kinds });
    writeln!(out, "{report}")?;
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Cases per kind and seed.
fn arguments() -> Option<(u64, u64)> {
    let (mut cases, mut seed) = (10_000, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match argument.as_str() {
            "--cases" => cases = value,
            "--seed" => seed = value,
            _ => return None,
        }
    }
    Some((cases, seed)).filter(|(cases, _)| *cases > 0)
}
