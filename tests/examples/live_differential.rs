//! Models at run time against the crate `jsonschema`: nothing is compiled for it, so it can be large.
//!
//! ```sh
//! cargo run --release -p workspace-tests --example live_differential -- --instances 10000000 --seed 1
//! ```

use std::process::ExitCode;

use clap::Parser;
use workspace_tests::differential::Suite;
use workspace_tests::{fixtures, load, root};

/// Puts random instances to run-time tables and to the crate `jsonschema`, and counts where they differ.
#[derive(Parser)]
struct Options {
    /// How many instances.
    #[arg(long, default_value_t = 1_000_000)]
    instances: usize,
    /// How many random schemas, beside those of the schema folder and the fixtures.
    #[arg(long, default_value_t = 300)]
    schemas: usize,
    /// Where the random source starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() -> ExitCode {
    let options = Options::parse();
    let mut suite = Suite::default();
    suite.add_all("schemas", load(&root().join("schemas")));
    suite.add_all("fixtures", load(&fixtures()));
    println!("{} random schemas were refused by the generator", suite.add_random(options.schemas, options.seed));
    let counts = suite.run_live(options.instances, options.seed);
    counts.disagreements.iter().take(20).for_each(|disagreement| println!("DISAGREEMENT {disagreement}"));
    println!("{}", counts.summary());
    ExitCode::from(u8::from(!counts.disagreements.is_empty()))
}
