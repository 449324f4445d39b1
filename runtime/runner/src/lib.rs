//! Durable paid jobs: thousands of them, from one desk or many machines, within a budget.
//!
//! RunComfy's API takes no key by which a repeated submit could be told, so "exactly once" can't be promised. The promise is:
//! at most one submit that may have arrived, per job, until a person says otherwise; every doubt is shown; nothing is lost.
//!
//! A [`Store`] holds the jobs: SQLite in a file, or PostgreSQL for workers on several machines. The database is the only
//! coordinator. Each thing that can happen to a job is one function of the store:
//!
//! ```text
//! queued → submitting → submitted → succeeded | failed | cancelled      files: pending → fetched | expired
//!              │  ├→ queued      certainly did not arrive
//!              │  ├→ refused     the input itself
//!              └→ unknown        no answer, or its worker is gone: only a person resolves it
//! ```

mod batch;
mod clock;
mod digest;
mod error;
mod export;
mod media;
mod models;
mod money;
mod names;
mod quote;
mod spool;
mod store;
mod worker;

pub use batch::{Batch, Line, Prepared};
pub use error::Error;
pub use export::check_manifest;
pub use media::media_file;
pub use models::Models;
pub use money::{NoAmount, Usd};
pub use names::Lock;
pub use quote::Quote;
pub use store::{
    Answer, Attempt, BatchId, Budget, Candidate, Doubt, Download, End, Ended, Followed, HeardId, HeldJob, Intended,
    Intent, KeptQuote, Life, Missing, ModelSummary, NewJob, NewQuote, Noted, QuoteRun, ReadBack, Record, Retried,
    State, Store, StoredFile, Stray, Summary, Unsettled, Word,
};
pub use worker::{Progress, Worker};
