//! The token shows up nowhere: not in logs of any level, not in errors, not in `Debug`. Alone in its process, for tracing
//! asks only once whether anybody listens, and another test's thread could answer.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, ClientBuilder, ImageInput};
use runcomfy_emulator::{Emulator, Fault, Faults, RetryAfter, Route, When};
use tracing::instrument::WithSubscriber as _;

const TOKEN: &str = "token-that-nobody-may-see";

async fn emulator(faults: Faults) -> Emulator {
    let builder = Emulator::builder(workspace_tests::frozen()).token(TOKEN).faults(faults);
    builder.start().await.expect("an emulator")
}

fn settings(emulator: &Emulator) -> ClientBuilder {
    Client::builder().base_url(emulator.base_url()).token(TOKEN)
}

fn input() -> Input {
    Input::new("A lone figure", ImageInput::url("https://example.com/reference.png"))
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

/// Everything that is logged, that fails and that can be shown.
async fn everything() -> String {
    let mut shown = String::new();
    let mut show = |thing: &dyn std::fmt::Debug| shown += &format!("{thing:?}\n");
    for fault in [
        Fault::RateLimited(RetryAfter::Seconds(1)),
        Fault::Status(503, When::Before),
        Fault::Reset(When::After),
        Fault::BrokenJson,
        Fault::Redirect,
    ] {
        let emulator = emulator(Faults::none().nth(Route::Submit, 1, fault)).await;
        let client = settings(&emulator).build().expect("a client");
        show(&client);
        for _ in 0..2 {
            match client.run(&input()).await {
                Ok(done) => show(&done),
                Err(error) => {
                    show(&error);
                    show(&error.to_string());
                }
            }
        }
    }
    let emulator = emulator(Faults::none()).await;
    let wrong = settings(&emulator).token(format!("{TOKEN}-wrong"));
    show(&wrong);
    let wrong = wrong.build().expect("a client");
    show(&wrong.run(&input()).await.expect_err("another token"));
    show(&settings(&emulator).token(format!("{TOKEN}\n{TOKEN}")).build().expect_err("an illegal token"));
    let job = settings(&emulator).build().expect("a client").submit(&input()).await.expect("accepted");
    show(&job);
    show(&job.wait_timeout(Duration::from_secs(1)).await);
    show(&job.cancel_on_drop());
    shown
}

#[tokio::test(start_paused = true)]
async fn the_token_is_neither_logged_nor_shown() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let shown = everything().with_subscriber(subscriber).await;
    let logged = log.text();
    // The log has what it should have, so it would have the token, too.
    for part in ["request_id", "community/wan-2-2/vace-fun", "status=200", "submitted", "not submitted", "news"] {
        assert!(logged.contains(part), "{part} is not logged:\n{logged}");
    }
    assert!(!logged.contains(TOKEN), "{logged}");
    assert!(!logged.contains("A lone figure"), "inputs are nobody's business");
    assert!(!shown.contains(TOKEN), "{shown}");
}
