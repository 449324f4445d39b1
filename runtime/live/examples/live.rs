//! Finds a model by words, fills it by its readable names and runs it, though this program was not compiled with it. All of it on
//! an emulator: no account, no money, no internet.
//!
//! ```sh
//! cargo run -p runcomfy-live --example live -- "image to video 1080p"
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use runcomfy_client::{Client, Ending};
use runcomfy_emulator::Emulator;
use runcomfy_live::Catalogue;

/// Finds a model that this program does not know, and runs it on an emulator.
#[derive(Parser)]
struct Options {
    /// What to look for.
    words: String,
    /// The schemas that the emulator serves.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas"))]
    schemas: PathBuf,
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a program")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let emulator = Emulator::builder(&options.schemas).start().await?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;

    let catalogue = Catalogue::builder().build()?;
    let refreshed = catalogue.refresh(&client).await?;
    let found = catalogue.find(&options.words);
    let best = found.entries.first().ok_or("no model is described so")?;
    println!("{} of {} models are described so; the best is {}", found.entries.len(), refreshed.models, best.id);

    let model = catalogue.model(&best.id)?;
    println!("{}, known since {} s", model.display_name(), model.age().as_secs());
    let input = model.example().ok_or("its rules ask for more than an example has")?;
    println!("filled by name: {input}");
    let wire = model.to_wire(&input)?;
    println!("on the wire:    {wire}");

    let job = client.submit_checked(&model, &wire).await?;
    emulator.advance(Duration::from_secs(600));
    match job.wait().await? {
        Ending::Succeeded(done) => println!("{}", done.output),
        other => println!("{other:?}"),
    }
    Ok(())
}
