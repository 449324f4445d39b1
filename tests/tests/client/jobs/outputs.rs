//! What jobs give back: outputs as published, read strictly, and outputs whose form is only assumed, read forgivingly.

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::shared::AssumedOutput;
use runcomfy::{Client, Done, Error, Json, Model};
use runcomfy_client::rt;
use runcomfy_emulator::Emulator;
use serde_json::json;

use super::{MODEL, client, emulator, input};

/// The same model, if nobody had published its output.
#[derive(Clone, Debug, PartialEq)]
struct Unpublished(Input);

impl rt::Object for Unpublished {
    fn table(&self) -> &'static rt::Table {
        self.0.table()
    }

    fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
        self.0.values(see);
    }
}

impl rt::FromValue for Unpublished {
    fn from_node(node: rt::Node, place: &mut rt::Place<'_>) -> Option<Self> {
        Input::from_node(node, place).map(Self)
    }
}

impl Model for Unpublished {
    const ID: &'static str = Input::ID;
    const SCHEMA: &'static rt::Table = Input::SCHEMA;
    const ASSUMED_OUTPUT: bool = true;
    type Output = AssumedOutput;
}

/// An emulator whose jobs give this output; `file:video` stands for the URL of a video.
async fn giving(output: Json) -> Emulator {
    emulator(|builder| builder.output(MODEL, output)).await
}

/// The output of a job, and the names of the files that are downloaded of it.
async fn run(output: Json) -> (Done<AssumedOutput>, Vec<String>) {
    let emulator = giving(output).await;
    let client: Client = client(&emulator);
    let done = client.run(&Unpublished(input())).await.expect("paid for");
    let folder = tempfile::tempdir().expect("a folder");
    let saved = client.download_all(&done.output, folder.path()).await.expect("files");
    let ends = saved.iter().map(|file| file.path.extension().map(|end| end.to_string_lossy().into_owned()));
    (done, ends.map(Option::unwrap_or_default).collect())
}

#[tokio::test(start_paused = true)]
async fn an_assumed_output_is_typed_in_whatever_form_it_comes() {
    let video = |output: &AssumedOutput| output.video.clone();
    let images = |output: &AssumedOutput| output.images.clone().unwrap_or_default().len();
    let (done, files) = run(json!("file:video")).await;
    assert!(video(&done.output).is_some_and(|url| url.ends_with(".mp4")) && files == ["mp4"], "{done:?}");
    let (done, files) = run(json!(["file:image", "file:image"])).await;
    assert!(images(&done.output) == 2 && files == ["png", "png"], "{done:?}");
    let (done, files) = run(json!({"video": {"url": "file:video"}})).await;
    assert!(video(&done.output).is_some() && files == ["mp4"], "{done:?}");
    let (done, files) = run(json!({"images": "file:image"})).await;
    assert!(images(&done.output) == 1 && files == ["png"], "{done:?}");
    let (done, files) = run(json!({"audio": "file:audio", "audios": ["file:audio"]})).await;
    assert!(done.output.audio.is_some() && done.output.audios.is_some(), "{done:?}");
    assert!(files.iter().all(|end| end == "wav") && !files.is_empty(), "{files:?}");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_an_assumed_output_is_kept_and_stored() {
    let output = json!({
        "video": {"url": "file:video", "seconds": 5}, "images": ["file:image", 7], "image": null, "seed": 7,
    });
    let (done, mut files) = run(output).await;
    files.sort();
    assert_eq!(files, ["mp4", "png"]);
    let (output, extra) = (&done.output, &done.output.extra);
    assert!(output.video.is_none() && output.images.is_none() && output.image.is_none());
    assert_eq!((&extra["video"]["seconds"], &extra["images"][1], &extra["seed"]), (&json!(5), &json!(7), &json!(7)));
    let stored = serde_json::to_string(output).expect("stored");
    assert_eq!(serde_json::from_str::<AssumedOutput>(&stored).expect("read again"), *output);
    let (done, files) = run(json!([{"file": "file:video"}])).await;
    assert_eq!((files, done.output.extra["output"].as_array().map(Vec::len)), (vec!["mp4".to_owned()], Some(1)));
}

#[tokio::test(start_paused = true)]
async fn a_published_output_is_read_strictly_and_the_error_holds_it() {
    let emulator = giving(json!({"video": {"url": "file:video"}, "seed": 7})).await;
    let client = client(&emulator);
    let error = client.run(&input()).await.expect_err("another form than published");
    assert!(
        error.to_string().ends_with("The job has succeeded and is charged: `output()` has what it made"),
        "{error}"
    );
    let output = error.output().expect("kept");
    let Error::Detached(detached) = &error else { panic!("{error}") };
    let Some(Error::Decode(decode)) = detached.reason() else { panic!("{error}") };
    assert_eq!(decode.path(), "output.video");
    assert_eq!(decode.message(), "does not fit its type: an object of 1 has the wrong type, allowed a string");
    assert_eq!(output["seed"], 7);
    let folder = tempfile::tempdir().expect("a folder");
    let saved = client.download_all(output, folder.path()).await.expect("a film");
    assert_eq!(saved.len(), 1, "the film that was paid for");
}

#[tokio::test(start_paused = true)]
async fn a_model_may_be_resumed_with_an_assumed_output() {
    let emulator = giving(json!("file:audio")).await;
    let client = client(&emulator);
    let job = client.submit(&Unpublished(input())).await.expect("accepted");
    let again = client.job::<Unpublished>(job.request_id()).expect("an id");
    let done = again.wait().await.expect("an ending").success().expect("success");
    assert!(done.output.audio.is_some_and(|url| url.ends_with(".wav")));
}
