//! Compiles types at random, in crates of 250 models with sixteen fields each.
//!
//! ```sh
//! cargo run --release -p workspace-tests --example random_types -- --models 1000 --seed 1
//! ```

use clap::Parser;
use workspace_tests::shapes;

/// Makes models at random, generates and compiles them; fails with what rustc says.
#[derive(Parser)]
struct Options {
    /// How many models.
    #[arg(long, default_value_t = 250)]
    models: usize,
    /// Where the random source starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[expect(clippy::print_stdout, reason = "a program")]
fn main() {
    const IN_ONE_CRATE: usize = 250;
    let options = Options::parse();
    let mut refused = 0;
    for (round, done) in (0..options.models).step_by(IN_ONE_CRATE).enumerate() {
        let count = IN_ONE_CRATE.min(options.models - done);
        let (models, more) = shapes::models(count, options.seed.wrapping_add(round as u64));
        refused += more.len();
        shapes::compile("random-types", &models);
        println!(
            "{} of {} models compiled, {refused} refused by the generator",
            done + count - refused,
            options.models
        );
    }
}
