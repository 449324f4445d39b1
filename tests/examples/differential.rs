//! The generated types against the crate `jsonschema`, on the way that users go: read, validate, write.
//!
//! ```sh
//! cargo run --release -p workspace-tests --example differential -- --instances 1000000 --seed 1 --format json
//! ```

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use workspace_tests::differential::stricter::{STRICTER, Stricter};
use workspace_tests::differential::{Counts, Suite};
use workspace_tests::{fixtures, load, root};

/// Puts random instances to the generated types and to the crate `jsonschema`, and counts where they differ.
#[derive(Parser)]
struct Options {
    /// How many instances.
    #[arg(long, default_value_t = 100_000)]
    instances: usize,
    /// How many random schemas, beside those of the schema folder and the fixtures.
    #[arg(long, default_value_t = 700)]
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
    /// A JSON summary, and the counts on stderr
    Json,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let mut suite = Suite::default();
    suite.add_all("schemas", load(&root().join("schemas")));
    suite.add_all("fixtures", load(&fixtures()));
    let refused = suite.add_random(options.schemas, options.seed);
    let mut text = format!("{refused} random schemas were refused by the generator and left out\n");
    let counts = suite.run(options.instances, options.seed, true);
    text += &report(&counts);
    print(&text, &counts, options.format);
    ExitCode::from(u8::from(!counts.disagreements.is_empty() || !counts.gaps().is_empty()))
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program")]
fn print(text: &str, counts: &Counts, format: Format) {
    match format {
        Format::Text => print!("{text}"),
        Format::Json => {
            eprint!("{text}");
            println!("{}", counts.summary());
        }
    }
}

/// The counts for people.
fn report(counts: &Counts) -> String {
    let mut text = String::new();
    let mut line = |line: String| text += &format!("{line}\n");
    counts.disagreements.iter().take(20).for_each(|disagreement| line(format!("DISAGREEMENT {disagreement}")));
    line("rejected for one keyword alone:".to_owned());
    counts.alone.iter().for_each(|(keyword, count)| line(format!("{count:>9}  {keyword}")));
    line("refused on purpose:".to_owned());
    for Stricter { reason, .. } in &STRICTER {
        line(format!("{:>9}  {reason}", counts.stricter.get(*reason).copied().unwrap_or_default()));
    }
    counts.gaps().iter().for_each(|gap| line(format!("TOO FEW: {gap}")));
    let (schemas, instances, accepted) = (counts.schemas, counts.instances, counts.accepted);
    line(format!(
        "{schemas} schemas, {instances} instances, {accepted} accepted, {} disagreements",
        counts.disagreements.len()
    ));
    text
}
