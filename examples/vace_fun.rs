//! The job of the model's page, from start to file on disk: prompt and image in, a film out.
//!
//! `cargo run --example vace_fun` runs it on an emulator in this process: free, without an account, in seconds.
//! `RUNCOMFY_TOKEN=… cargo run --example vace_fun -- --live` runs it on RunComfy, which costs money.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use runcomfy::community::wan_2_2::vace_fun::{Input, Resolution};
use runcomfy::{Client, ImageInput, Model as _, Update, Verification};
use runcomfy_emulator::Emulator;
use tracing_subscriber::EnvFilter;

/// The page's job: a reference image and a prompt become a film.
#[derive(Parser)]
struct Args {
    /// Run it on RunComfy, with the token of the environment. This is charged.
    #[arg(long)]
    live: bool,
    /// The folder for the film.
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `RUST_LOG=debug` shows what the client does.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(std::io::stderr).init();
    let args = Args::parse();
    if args.live {
        let client = Client::from_env()?;
        // Free: the model may be published otherwise since this program was compiled.
        if let Verification::Drifted(drift) = client.verify::<Input>().await? {
            return Err(drift.to_string().into());
        }
        return make_film(&client, &args).await;
    }
    // 90 seconds of the emulator's time, at 30 times the speed.
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/downstream/schemas"))
        .model_time(Input::ID, Duration::from_secs(90))
        .speed(30.0)
        .media_bytes(4 << 20)
        .start()
        .await?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
    make_film(&client, &args).await
}

async fn make_film(client: &Client, args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let input = Input::new(
        "A ferry leaves the harbour before sunrise, seen from the quay; the camera pans after it",
        ImageInput::sample("Runcomfy_Example_1290_1.png"),
    )
    .resolution(Resolution::R1280x720)
    .number_of_frames(141)
    .steps(20)
    .guidance_scale(4.0);

    let job = client.submit(&input).await?;
    println!("submitted {}", job.request_id());

    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    let mut updates = job.updates();
    let mut shown = String::new();
    while let Some(update) = updates.next().await {
        let text = describe(&update?);
        if text != shown {
            show(&bar, &text);
            shown = text;
        }
    }
    bar.finish_and_clear();

    // The queue says `completed`; only the result says whether that means success.
    let done = job.wait().await?.success()?;
    let films = ProgressBar::new(0).with_style(ProgressStyle::with_template("{wide_bar} {msg}")?);
    // Several jobs may share the folder, so the name says whose the film is.
    let downloader = client.downloader().for_job(&job).names("{job}-{index}.{extension}")?.on_progress({
        let films = films.clone();
        move |progress| {
            films.set_length(progress.total.unwrap_or(progress.received));
            films.set_position(progress.received);
            films.set_message(progress.to_string());
        }
    });
    let saved = downloader.download_all(&done.output, &args.out).await;
    films.finish_and_clear();
    for file in saved? {
        println!("{}: {} bytes", file.path.display(), file.bytes);
    }
    if let Some(cost) = job.cost(Duration::from_secs(5)).await? {
        println!("cost: {cost} USD");
    }
    Ok(())
}

fn describe(update: &Update) -> String {
    match update.queue_position {
        Some(position) => format!("{}, position {position}", update.status.as_str()),
        None => update.status.as_str().to_owned(),
    }
}

/// In the bar, or, where there is no terminal, as a line.
fn show(bar: &ProgressBar, text: &str) {
    match bar.is_hidden() {
        true => println!("{text}"),
        false => bar.set_message(text.to_owned()),
    }
}
