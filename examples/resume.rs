//! A job outlives the program that submitted it: one client submits and gives up waiting, another one, which knows no more
//! than the request id, fetches the film.
//!
//! `cargo run --example resume`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use runcomfy::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, Ending, ImageInput, Model as _};
use runcomfy_emulator::Emulator;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `RUST_LOG=debug` shows what the client does.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(std::io::stderr).init();
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/downstream/schemas"))
        .model_time(Input::ID, Duration::from_secs(90))
        .speed(30.0)
        .start()
        .await?;
    let connect = || Client::builder().base_url(emulator.base_url()).token(emulator.token()).build();

    let stored_id = submit_and_leave(&connect()?).await?;
    println!("stored: {stored_id}");

    // Tomorrow, in another program.
    let job = connect()?.job::<Input>(&stored_id)?;
    let done = job.wait().await?.success()?;
    println!("the film is at {}", done.output.video.as_deref().unwrap_or("no address"));

    let submissions = emulator.account().accepted().count();
    println!("submitted and paid: {submissions} job");
    if submissions != 1 {
        return Err("resuming must not submit again".into());
    }
    Ok(())
}

/// Gives the id of a job that is still running.
async fn submit_and_leave(client: &Client) -> Result<String, Box<dyn std::error::Error>> {
    let input = Input::new("A city in the rain", ImageInput::sample("Runcomfy_Example_1290_1.png"));
    let job = client.submit(&input).await?;
    match job.wait_timeout(Duration::from_millis(500)).await? {
        Ending::StillRunning(state) => {
            println!("still running after {:?}; leaving", state.waited);
            Ok(state.job.request_id().to_owned())
        }
        ending => Err(format!("this should have taken longer: {ending:?}").into()),
    }
}
