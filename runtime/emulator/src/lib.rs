//! A RunComfy that runs on your desk: it serves every model of a schema folder, with a real queue, media files, and, on
//! demand, everything that goes wrong in a network. No account, no money, no internet.
//!
//! ```
//! use std::time::Duration;
//!
//! use runcomfy_emulator::{Emulator, Fault, Faults, Outcome, Route, When};
//! use serde_json::{Value, json};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // The second submit is accepted, but its connection breaks before the answer.
//! let faults = Faults::none().nth(Route::Submit, 2, Fault::Reset(When::After));
//! let emulator = Emulator::builder("tests/fixtures/schemas").faults(faults).start().await?;
//!
//! let http = reqwest::Client::new();
//! let url = format!("{}/models/community/wan-2-2/vace-fun", emulator.base_url());
//! let submit = |seed: u32| {
//!     let body = json!({"56_text": "a figure", "118_image": "https://example.com/a.png", "98_seed": seed});
//!     http.post(&url).bearer_auth(emulator.token()).json(&body).send()
//! };
//! let job: Value = submit(1).await?.json().await?;
//! assert!(submit(2).await.is_err());
//!
//! emulator.advance(Duration::from_secs(60)); // Nobody has to wait for emulated jobs.
//! let status = job["status_url"].as_str().ok_or("no URL")?;
//! let status: Value = http.get(status).bearer_auth(emulator.token()).send().await?.json().await?;
//! assert_eq!(status["status"], "completed");
//!
//! // What really happened, whatever the client believes: both jobs were made, and the second is the client's doubt.
//! let account = emulator.account();
//! assert!(account.submissions().iter().all(|submission| submission.outcome == Outcome::Succeeded));
//! assert_eq!((account.ambiguous_faults(), account.paid_twice()), (1, vec![]));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().expect("a runtime").block_on(example()).expect("the example works");
//! ```
//!
//! # What it does as RunComfy does
//!
//! The four queue endpoints, the three of the catalogue, and the files that jobs leave, on another origin than the API.
//! Bodies are checked against the published schemas, and errors have the documented codes: 400001 for an id that can't be
//! one, 400002 for an exhausted balance, 400004 for a missing or wrong token, 403001 for a denied model, 404001 for what is
//! not there or has expired. Only jobs that wait can be cancelled. A failed job is `completed` on its status; its result
//! says `failed`.
//!
//! # What it bears
//!
//! A request without the token is answered before its body is read. Heads and bodies that don't arrive within
//! [`Builder::read_limit`] end, large bodies are worked on one after another, those with more than half a million values are
//! not read as JSON, connections have a [limit](Builder::connections), and account and log keep no large values. [`Emulator::requests`] is the log.
//!
//! # What is assumed
//!
//! The documentation leaves these open, so don't build on them:
//!
//! - The HTTP status is the first three digits of the code; [`Builder::account_errors`] sets 401 or 403 for a bad token and
//!   402 for an empty balance instead. An invalid body is 422001, with a `detail` for each field that
//!   never repeats the value. A wrong method is 405001, a body above 64 MiB or with too many values 413001, too many requests 429001.
//! - Queue positions count from 0. A second cancel is `not_cancellable`, with HTTP 202 as the first.
//! - Catalogue requests need the token, unless [`Builder::open_catalogue`]. A model has one category, its capability
//!   (`image-to-video`), read from its id, else from its inputs and what it makes; models below
//!   `community/` are of kind `workflow`, all others `model`.
//! - An unknown model is 404001, or 400001 by [`Builder::unknown_model`].
//! - It speaks HTTP/1.1 only, without TLS: what servers do by HTTP/2 is not among its faults.
//! - `cost` is `null` until it is known; no other key of a result is ever `null`. A model priced by the second costs its base price times `duration` of the body.
//!   Only success is paid for.
//! - Media inputs with a published format are https URLs (http on loopback), `data:` URIs with base64 of the right kind, or
//!   names of samples. They are never fetched, and the size rules in `validations` are not checked.
//! - `failed` results have a text in `error`.

mod account;
mod backend;
mod builder;
mod catalog;
mod clock;
mod config;
mod emulator;
mod error;
mod faults;
mod http;
mod media;
mod money;
mod queue;
mod reply;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use account::{Account, Outcome, Submission};
pub use builder::Builder;
pub use config::{AccountErrors, UnknownModel, Validator};
pub use emulator::Emulator;
pub use error::Error;
pub use faults::{
    CancelForm, Detail, Fault, Faults, FileFault, IdForm, IdPlace, NoEnd, OddHead, Oddity, RetryAfter, Route, Shape,
    When,
};
pub use http::{Logged, Seen, Visit};
pub use money::Usd;

/// Locks; that another thread panicked while it held the lock changes nothing for plain data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
