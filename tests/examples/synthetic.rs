//! Writes a made-up catalogue, as a schema folder or as an answer of the catalogue's address. The same count and seed give
//! the same bytes.
//!
//! ```sh
//! cargo run -p workspace-tests --example synthetic -- --models 1000 --seed 1 --schemas DIR
//! cargo run -p workspace-tests --example synthetic -- --models 1000 --seed 1 --response FILE
//! ```

use std::path::PathBuf;

use clap::{ArgGroup, Parser};
use runcomfy_codegen::fs;

/// Writes a made-up catalogue.
#[derive(Parser)]
#[command(group(ArgGroup::new("to").required(true).multiple(true)))]
struct Options {
    /// How many models; a larger catalogue holds the smaller one.
    #[arg(long)]
    models: usize,
    /// Where the random source starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder for the schemas; it is created if it is not there.
    #[arg(long, value_name = "DIR", group = "to")]
    schemas: Option<PathBuf>,
    /// A file for the answer of `GET /v1/models?include_schema=true`.
    #[arg(long, value_name = "FILE", group = "to")]
    response: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let models = synthetic::models(options.models, options.seed);
    if let Some(folder) = options.schemas {
        std::fs::create_dir_all(&folder)?;
        fs::write_files(&folder, &synthetic::files(&models))?;
    }
    if let Some(file) = options.response {
        std::fs::write(file, synthetic::response(&models).to_string())?;
    }
    Ok(())
}
