//! A hundred films from one desk: within a budget, each paid for once, whatever ends the program; started again, it goes on.
//!
//! `cargo run -p runcomfy-emulator -- --speed 20` prints a base URL and a token. With the token in `RUNCOMFY_TOKEN`:
//! `cargo run -p runcomfy-runner --example batch -- --base-url URL --die-after 30`, and the same again without `--die-after`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;

use clap::Parser;
use runcomfy::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, ImageInput};
use runcomfy_runner::{Batch, Models, Progress, Store, Usd, Worker};

/// Runs a hundred prompts within a budget
#[derive(Parser)]
struct Args {
    /// Where the API is; an emulator's address costs nothing
    #[arg(long)]
    base_url: String,
    /// The variable of the environment that holds the token
    #[arg(long, default_value = "RUNCOMFY_TOKEN")]
    token_env: String,
    /// The folder for the store and the films
    #[arg(long, default_value = "out/batch")]
    out: PathBuf,
    /// How many jobs are under way at any time
    #[arg(long, default_value_t = 8)]
    at_once: usize,
    /// The most that one job costs, in US dollars
    #[arg(long, default_value = "0.05")]
    price: Usd,
    /// The most that all of them may cost
    #[arg(long, default_value = "3.00")]
    budget: Usd,
    /// End as by a crash once so many are submitted
    #[arg(long)]
    die_after: Option<usize>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let token = std::env::var(&args.token_env).map_err(|error| format!("{}: {error}", args.token_env))?;
    let client = Client::builder().base_url(&args.base_url).token(token).build()?;
    std::fs::create_dir_all(&args.out)?;
    let url = format!("sqlite://{}", args.out.join("jobs.db").display());
    let store = Store::open(&url, &args.base_url, "").await?;

    let batch = Batch::open(&store, "films").await?;
    batch.set_budget(args.budget).await?;
    let image = ImageInput::sample("Runcomfy_Example_1290_1.png");
    let films = (1..=100).map(|seed| Input::new("A slow shot through a harbour at dawn", image.clone()).seed(seed));
    println!("{} jobs are new", batch.add(films, args.price).await?);

    let worker = Worker::new(&store, &client, Models::new().with::<Input>()).at_once(args.at_once).folder(&args.out);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    worker.on_progress(told(args.at_once, args.die_after)).run(stop).await?;
    println!("{}", batch.summary().await?);
    Ok(())
}

/// Tells what happens, and ends the program where asked: while all jobs under way have their ids, for a submit that is cut off
/// is a doubt that a person must resolve.
fn told(at_once: usize, die_after: Option<usize>) -> impl Fn(&Progress) + Send + Sync {
    let heard = Mutex::new((0, HashSet::new()));
    move |progress| {
        println!("{progress}");
        let (submitted, open) = &mut *heard.lock().expect("nobody panics");
        match progress {
            Progress::Submitted { key, .. } => {
                *submitted += 1;
                open.insert(key.clone());
            }
            Progress::Ended { key, .. } => drop(open.remove(key)),
            _ => {}
        }
        if die_after.is_some_and(|count| *submitted >= count && open.len() == at_once) {
            std::process::abort();
        }
    }
}
