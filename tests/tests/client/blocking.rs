//! The façade for programs without async, in both places where it can be called.

use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Ending, ImageInput, Status, blocking};
use runcomfy_emulator::Emulator;
use tokio::runtime::Runtime;
use workspace_tests::frozen;

/// An emulator with a runtime of its own.
fn emulator() -> (Runtime, Emulator) {
    let runtime = Runtime::new().expect("a runtime");
    let emulator = Emulator::builder(frozen()).processing_time(Duration::from_secs(20)).speed(40.0).start();
    let emulator = runtime.block_on(emulator).expect("an emulator");
    (runtime, emulator)
}

fn client(emulator: &Emulator) -> blocking::Client {
    let client = runcomfy::Client::builder().base_url(emulator.base_url()).token(emulator.token()).build();
    blocking::Client::from_client(client.expect("a client")).expect("a runtime")
}

fn input() -> Input {
    Input::new("A city", ImageInput::sample("Runcomfy_Example_1290_1.png"))
}

#[test]
fn a_program_without_a_runtime_gets_its_film() {
    let (_runtime, emulator) = emulator();
    let client = client(&emulator);
    let done = client.run(&input()).expect("an output");
    let folder = tempfile::tempdir().expect("a folder");
    let saved = client.download_all(&done.output, folder.path()).expect("a film");
    assert_eq!(saved.len(), 1);
    assert!(saved[0].path.is_file());
    let models = client.catalogue(runcomfy::CatalogueQuery::new()).collect::<Result<Vec<_>, _>>().expect("a catalogue");
    assert_eq!(models.len(), emulator.model_ids().len());
}

#[test]
fn a_job_is_followed_and_found_again() {
    let (_runtime, emulator) = emulator();
    let job = client(&emulator).submit(&input()).expect("a job");
    assert!(matches!(job.result().expect("an answer"), Ending::StillRunning(_)));
    let updates: Vec<_> = job.updates().map(|update| update.expect("news").status).collect();
    assert_eq!(updates.last(), Some(&Status::Completed), "{updates:?}");
    let again = client(&emulator).job::<Input>(job.request_id()).expect("an id");
    assert!(matches!(again.wait().expect("an ending"), Ending::Succeeded(_)));
}

#[test]
fn files_are_named_after_their_job_and_heard_of() {
    let (_runtime, emulator) = emulator();
    let client = client(&emulator);
    let job = client.submit(&input()).expect("a job");
    let done = job.wait().expect("an ending").success().expect("an output");
    let folder = tempfile::tempdir().expect("a folder");
    let (sender, heard) = std::sync::mpsc::channel();
    let downloader = client.downloader().names("{job}-{index}.{extension}").expect("a template").for_job(&job);
    let downloader = downloader.on_progress(move |progress| sender.send(progress.to_string()).expect("a listener"));
    let saved = downloader.download_all(&done.output, folder.path()).expect("a film");
    assert_eq!(saved[0].path, folder.path().join(format!("{}-0.mp4", job.request_id())));
    let last = heard.try_iter().last().expect("progress");
    assert!(last.starts_with(job.request_id()) && last.ends_with("100 %"), "{last}");
}

#[test]
fn inside_a_runtime_it_works_and_drops_without_a_panic() {
    let (_runtime, emulator) = emulator();
    for inner in [
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime"),
    ] {
        inner.block_on(async {
            let client = client(&emulator);
            let job = client.submit(&input()).expect("a job");
            assert!(job.status().is_ok());
            drop((client, job));
        });
        inner.block_on(async {
            let client = client(&emulator);
            let task = tokio::task::spawn_blocking(move || client.run(&input()));
            task.await.expect("no panic").expect("an output");
        });
    }
}
