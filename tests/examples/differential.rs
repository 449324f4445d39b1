//! The generated types against the crate `jsonschema`, on the way that users go: read, validate, write.
//!
//! ```sh
//! cargo run --release -p workspace-tests --example differential -- --instances 1000000 --seed 1 --format json
//! ```

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use workspace_tests::differential::{Counts, STRICTER, Suite};
use workspace_tests::{catalogue, fixtures, load, root};

/// Puts random instances to the generated types and to the crate `jsonschema`, and counts where they differ.
#[derive(Parser)]
struct Options {
    /// How many instances.
    #[arg(long, default_value_t = 100_000)]
    instances: usize,
    /// How many random schemas, beside those of the schema folder, the fixtures and the catalogue.
    #[arg(long, default_value_t = 300)]
    schemas: usize,
    /// Where the random source starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// Counts for people
    Text,
    /// The same, and a JSON summary as the last line
    Json,
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() -> ExitCode {
    let options = Options::parse();
    let mut suite = Suite::default();
    suite.add_all("schemas", load(&root().join("schemas")));
    suite.add_all("fixtures", load(&fixtures()));
    match catalogue() {
        Some(sources) => suite.add_all("catalogue", sources),
        None => println!("skipped: ../shared/catalog/models-response.json is not there"),
    }
    let refused = suite.add_random(options.schemas, options.seed);
    println!("{refused} random schemas were refused by the generator and left out");
    let counts = suite.run(options.instances, options.seed, true);
    print(&counts);
    if options.format == Format::Json {
        println!("{}", counts.summary());
    }
    ExitCode::from(u8::from(!counts.disagreements.is_empty()))
}

#[expect(clippy::print_stdout, reason = "a program")]
fn print(counts: &Counts) {
    for disagreement in counts.disagreements.iter().take(20) {
        println!("DISAGREEMENT {disagreement}");
    }
    println!("decided by one keyword alone:");
    for (keyword, count) in &counts.alone {
        println!("{count:>9}  {keyword}");
    }
    println!("refused on purpose:");
    for (_, reason) in STRICTER {
        println!("{:>9}  {reason}", counts.stricter.get(reason).copied().unwrap_or_default());
    }
    println!(
        "{} schemas, {} instances, {} accepted, {} disagreements",
        counts.schemas,
        counts.instances,
        counts.accepted,
        counts.disagreements.len()
    );
}
