//! The token stays a secret: whatever goes wrong, no error, no `Debug` and no log line of any crate shows it, and no other
//! host gets it.

use std::fmt::Debug;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, Ending, FixedPolling, ImageInput, Json, Model as _, RetryPolicy};
use runcomfy_emulator::{Emulator, Fault, Faults, RetryAfter, Route, When};

const TOKEN: &str = "token-of-the-secrets-test";

/// Everything that was said.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Said {
    /// Takes down a value, and what an error says with all its causes.
    fn note<T: Debug, E: std::error::Error>(&mut self, result: &Result<T, E>) {
        let mut text = format!("{result:?} {result:#?}\n");
        let mut cause = result.as_ref().err().map(|error| error as &dyn std::error::Error);
        while let Some(error) = cause {
            text += &format!("{error} {error:?}\n");
            cause = error.source();
        }
        _ = io::Write::write(self, text.as_bytes());
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

const FAULTS: [Fault; 15] = [
    Fault::RateLimited(RetryAfter::Seconds(0)),
    Fault::Status(500, When::Before),
    Fault::Status(502, When::After),
    Fault::Reset(When::Before),
    Fault::Reset(When::After),
    Fault::SlowBody(Duration::from_millis(10)),
    Fault::CutBody,
    Fault::BrokenJson,
    Fault::ErrorBody(400_002),
    Fault::ErrorBody(500_001),
    Fault::UnknownFields,
    Fault::Redirect,
    Fault::TokenInError(401),
    Fault::TokenInError(503),
    Fault::TokenAsId,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_error_no_debug_and_no_log_shows_the_token() {
    let mut said = Said::default();
    let writer = said.clone();
    tracing_subscriber::fmt().with_env_filter("trace").with_writer(move || writer.clone()).init();
    let emulator = Emulator::builder(workspace_tests::frozen()).token(TOKEN).workers(100);
    let emulator = emulator.speed(1000.0).start().await.expect("an emulator");
    let pace = FixedPolling(Duration::from_millis(20));
    let builder = || Client::builder().base_url(emulator.base_url()).retry(RetryPolicy::never()).poll(pace);
    let client = builder().token(TOKEN).build().expect("a client");
    said.note(&Ok::<_, io::Error>((builder().token(TOKEN), &client, client.downloader())));

    for fault in FAULTS {
        for route in [Route::Submit, Route::Status, Route::Result, Route::Cancel, Route::Models, Route::Model] {
            emulator.set_faults(Faults::none().rate(route, fault, 1.0)).expect("faults");
            every_call(&client, &mut said).await;
        }
        emulator.set_faults(Faults::none().rate(Route::File, fault, 1.0)).expect("faults");
        download(&client, &mut said).await;
    }
    emulator.refuse_connections(true).await;
    every_call(&builder().token(TOKEN).build().expect("a client"), &mut said).await;
    emulator.refuse_connections(false).await;
    every_call(&builder().token(format!("{TOKEN}-that-is-wrong")).build().expect("a client"), &mut said).await;
    said.note(&builder().token(format!("{TOKEN}\n")).build());
    said.note(&Client::builder().token(TOKEN).base_url(format!("https://{TOKEN}@example.com")).build());

    let text = said.text();
    for expected in ["submitted", "OutcomeUnknown", "reqwest", "saved"] {
        assert!(text.contains(expected), "nobody said `{expected}`: this test hears nothing");
    }
    let leak = text.lines().find(|line| line.contains(TOKEN));
    assert_eq!(leak, None);
    let visits = emulator.visits();
    assert!(!visits.is_empty(), "the redirects and files lead to another host");
    assert!(visits.iter().all(|visit| !visit.carried_token), "{visits:?}");
}

/// Every call that sends a request, on a job that there may be or not.
async fn every_call(client: &Client, said: &mut Said) {
    let input = Input::new("A city", ImageInput::sample("Runcomfy_Example_1290_1.png"));
    let submitted = client.submit(&input).await;
    said.note(&submitted);
    said.note(&client.submit_json(Input::ID, &Json::Null).await);
    said.note(&client.verify::<Input>().await);
    said.note(&client.catalogue_entry(Input::ID).await);
    said.note(&client.categories().await);
    let job = match submitted {
        Ok(job) => job,
        Err(_) => client.job::<Input>("0d9c-1").expect("an id"),
    };
    said.note(&job.status().await);
    said.note(&job.result().await);
    said.note(&job.cancel().await);
}

async fn download(client: &Client, said: &mut Said) {
    let input = Input::new("A city", ImageInput::sample("Runcomfy_Example_1290_1.png"));
    let ending = client.submit(&input).await.expect("a job").wait().await;
    said.note(&ending);
    let Ok(Ending::Succeeded(done)) = ending else { panic!("nothing is wrong with this job: {ending:?}") };
    let folder = tempfile::tempdir().expect("a folder");
    let patient = client.downloader();
    let downloads = patient.download_all(&done.output, folder.path());
    // A fault that strikes every time would be tried again for a minute.
    match tokio::time::timeout(Duration::from_millis(500), downloads).await {
        Ok(saved) => said.note(&saved),
        Err(_) => said.note(&Err::<(), _>(io::Error::from(io::ErrorKind::TimedOut))),
    }
}
