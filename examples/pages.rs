//! The code that README and the guides show, line by line, between what makes it compile. Never run. It stands with the
//! examples since it shows the same model, and `tests/tests/codegen/docs.rs` holds the pages against it.
#![expect(clippy::print_stdout, reason = "the pages' examples print")]

#[expect(unused_variables, reason = "the pages show values and do not use them all")]
async fn usage() -> Result<(), Box<dyn std::error::Error>> {
    front_page().await?;

    use runcomfy::community::wan_2_2::vace_fun::{Input, Resolution};
    use runcomfy::{ImageInput, Model as _};

    let input = Input::new("A lone figure at golden hour", ImageInput::url("https://example.com/reference.png"))
        .resolution(Resolution::R1280x720)
        .number_of_frames(141)
        .steps(20)
        .guidance_scale(4.0);
    input.validate()?;
    let body = input.to_wire();
    let stored = serde_json::to_string(&input)?;

    use std::time::Duration;

    use runcomfy::{Client, Ending};

    let client = Client::from_env()?;
    let done = client.run(&input).await?;
    println!("{:?} for {:?} USD", done.output, done.cost);

    let job = client.submit(&input).await?;
    println!("{}", job.request_id());
    match job.wait_timeout(Duration::from_secs(300)).await? {
        Ending::Succeeded(done) => println!("{:?}", done.output),
        Ending::Failed(failure) => println!("{}", failure.message),
        Ending::StillRunning(state) => println!("goes on, and is charged: {}", state.job.request_id()),
        other => println!("{other:?}"),
    }
    let job = client.job::<Input>("a-stored-id")?;

    client.download_all(&done.output, "out").await?;
    let downloader = client.downloader().on_progress(|p| println!("{} of {:?}", p.received, p.total));
    downloader.download_all(&done.output, "out").await?;
    Ok(())
}

async fn front_page() -> Result<(), Box<dyn std::error::Error>> {
    use runcomfy::community::wan_2_2::vace_fun::{Input, Resolution};
    use runcomfy::{Client, ImageInput};

    let client = Client::from_env()?;
    let input = Input::new("A lone figure at golden hour", ImageInput::url("https://example.com/reference.png"))
        .resolution(Resolution::R1280x720)
        .number_of_frames(141)
        .steps(20)
        .guidance_scale(4.0);
    let done = client.run(&input).await?;
    client.download_all(&done.output, "out").await?;
    Ok(())
}

#[test]
fn what_the_pages_show_compiles() {
    _ = usage;
}
