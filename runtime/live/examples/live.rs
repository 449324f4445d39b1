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
use runcomfy_client::schema::{Const, Field, Number, Rule};
use runcomfy_client::{Client, Ending, Json, MediaKind};
use runcomfy_emulator::Emulator;
use runcomfy_live::{Catalogue, LiveModel};
use serde_json::{Map, json};

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
    let input = filled(&model);
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

/// The required fields, by their readable names.
fn filled(model: &LiveModel) -> Json {
    let required = model.schema.fields.iter().filter(|field| field.required);
    required.map(|field| (field.name.to_owned(), value(field))).collect::<Map<String, Json>>().into()
}

/// The first value that comes to mind.
fn value(field: &Field) -> Json {
    of_rules(field.rules).unwrap_or_else(|| field.default_value().unwrap_or_else(|| "A lone figure".into()))
}

fn of_rules(rules: &[Rule]) -> Option<Json> {
    rules.iter().find_map(|rule| match rule {
        Rule::Values([Const::Str(text), ..]) => Some(json!(text)),
        Rule::Values([Const::Int(int), ..]) => Some(json!(int)),
        Rule::Media(MediaKind::Video) => Some(json!("https://example.com/film.mp4")),
        Rule::Media(MediaKind::Audio) => Some(json!("https://example.com/sound.mp3")),
        Rule::Media(_) => Some(json!("https://example.com/picture.png")),
        Rule::Items(items) => of_rules(items).map(|item| json!([item])),
        Rule::Minimum(Number::Int(least)) => Some(json!(least)),
        _ => None,
    })
}
