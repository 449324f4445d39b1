//! The check of untyped JSON against the crate `jsonschema` at run time, on the same value, in instructions: for the model that
//! everything started from and the one of those that are published that has most fields.
//!
//! ```sh
//! cargo run --release -p workspace-tests --example untyped
//! ```
//!
//! Instructions are counted by valgrind, which has to be installed: the program runs itself under it, with so many rounds and
//! with more, so that what is no round cancels out.

use std::process::{Command, ExitCode};

use clap::{Parser, ValueEnum};
use fastrand::Rng;
use runcomfy_client::schema::Names;
use runcomfy_codegen::{ModelSource, Sources};
use runcomfy_live::Catalogue;
use serde_json::Value;
use workspace_tests::differential::{instance::fullest, normal::normal};
use workspace_tests::tables::folder;
use workspace_tests::{frozen, load, root};

/// Compares what the check of untyped JSON costs with the crate `jsonschema`.
#[derive(Parser)]
struct Options {
    /// Checks one model's input so many times, and says nothing.
    #[arg(long, num_args = 3, value_names = ["MODEL", "CHECK", "ROUNDS"])]
    only: Option<Vec<String>>,
    /// How many rounds are counted.
    #[arg(long, default_value_t = 2_000)]
    rounds: u64,
}

/// What checks.
#[derive(Clone, Copy, ValueEnum)]
enum Check {
    /// The field table, by wire keys
    Wire,
    /// The field table, by readable names
    Readable,
    /// The crate, compiled before
    Jsonschema,
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() -> ExitCode {
    let options = Options::parse();
    if let Some([model, check, rounds]) = options.only.as_deref() {
        let check = Check::from_str(check, false).expect("the name of a check");
        run(&sources(model), check, rounds.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    for model in ["few", "most"] {
        let cost = |check: &str| per_round(model, check, options.rounds);
        let (wire, readable, jsonschema) = (cost("wire"), cost("readable"), cost("jsonschema"));
        let ratio = |cost: u64| cost as f64 / jsonschema as f64;
        println!(
            "{}: {wire} instructions by wire keys, {readable} by readable names, {jsonschema} by jsonschema: {:.2}, {:.2}",
            sources(model).models[0].folder,
            ratio(wire),
            ratio(readable)
        );
    }
    ExitCode::SUCCESS
}

/// The model alone, with what it shares.
fn sources(model: &str) -> Sources {
    let fields = |source: &ModelSource| {
        let schema: Value = serde_json::from_str(&source.input.text).unwrap_or_default();
        schema["properties"].as_object().map_or(0, serde_json::Map::len)
    };
    let mut sources = load(&if model == "few" { frozen() } else { root().join("schemas") });
    if model == "few" {
        sources.models.retain(|source| source.folder == "community/wan-2-2/vace-fun");
    } else {
        sources.models.sort_by_key(|source| std::cmp::Reverse(fields(source)));
    }
    sources.models.truncate(1);
    sources
}

fn run(sources: &Sources, check: Check, rounds: u64) {
    let source = &sources.models[0];
    let schemas = tempfile::tempdir().expect("a folder");
    folder::write(sources, schemas.path());
    let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
    let model = catalogue.model(&source.folder).unwrap_or_else(|error| panic!("{error}"));
    let schema = normal(&serde_json::from_str(&source.input.text).expect("JSON"));
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let mut wire = fullest(&schema, &validator, &mut Rng::with_seed(1));
    // The order in which serde_json keeps names by itself, which is not that of any table.
    wire.as_object_mut().expect("an object").sort_keys();
    let mut readable = model.to_readable(&wire);
    readable.as_object_mut().expect("an object").sort_keys();
    for _ in 0..rounds {
        let is_valid = match check {
            Check::Wire => model.check(std::hint::black_box(&wire), Names::Wire).is_ok(),
            Check::Readable => model.check(std::hint::black_box(&readable), Names::Readable).is_ok(),
            Check::Jsonschema => validator.is_valid(std::hint::black_box(&wire)),
        };
        assert!(std::hint::black_box(is_valid), "{wire}");
    }
}

fn per_round(model: &str, check: &str, rounds: u64) -> u64 {
    let (some, more) = (count(model, check, rounds), count(model, check, 2 * rounds));
    more.saturating_sub(some) / rounds
}

/// The instructions of this program with so many rounds.
fn count(model: &str, check: &str, rounds: u64) -> u64 {
    let program = std::env::current_exe().expect("a program knows where it is");
    let counted = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args(["--only", model, check, &rounds.to_string()])
        .output()
        .expect("valgrind to be installed");
    let said = String::from_utf8_lossy(&counted.stderr);
    assert!(counted.status.success(), "{said}");
    let line = said.lines().find_map(|line| line.split_once(" refs:")).expect("a line of counted instructions");
    line.1.trim().replace(',', "").parse().expect("a number")
}
