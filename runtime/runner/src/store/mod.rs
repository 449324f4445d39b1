//! The store: every job that was ever added, what is known of it, and the money it holds. Each thing that can happen to a job
//! is one function here and one transaction, guarded by the state and the epoch of the row. Must not know the network.

mod again;
mod answers;
mod batches;
mod budgets;
mod db;
mod downloads;
mod following;
mod job;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod looks;
mod many;
mod persons;
mod queue;
mod quotes;
mod records;
mod submits;
mod summary;
mod tables;
#[cfg(test)]
mod together;
#[cfg(test)]
mod waits;
mod workers;

use std::path::{Path, PathBuf};

pub use again::{HeldJob, Retried};
pub use answers::{Answer, HeardId};
pub use batches::{BatchId, NewJob};
pub use budgets::Budget;
pub use downloads::{Download, Missing, StoredFile};
pub use following::{End, Ended, Followed, Unsettled};
pub use job::{Doubt, State, Stray};
pub use persons::Word;
pub use queue::Candidate;
pub use quotes::{KeptQuote, NewQuote, QuoteRun};
pub use records::{Attempt, Record};
pub use submits::{Intended, Intent, Noted, ReadBack};
pub use summary::{ModelSummary, Summary};
pub use workers::Life;

use crate::Error;
use db::{Db, Statement, args};
use sqlx_synchronous::FULL;

/// How far SQLite goes for a commit.
mod sqlx_synchronous {
    pub(super) use sqlx::sqlite::SqliteSynchronous;

    /// A commit is on disk before it is answered: the power may fail between an intent and its request.
    pub(super) const FULL: SqliteSynchronous = SqliteSynchronous::Full;
}

/// A database with jobs of one account: see [the crate](crate).
#[derive(Clone)]
pub struct Store {
    db: Db,
    id: String,
    account: i64,
    /// The batch whose jobs are worked on; all of them where there is none.
    only: Option<BatchId>,
    /// Where the locks of workers lie; none where a clock tells who lives.
    locks: Option<PathBuf>,
}

/// The variable that names the store.
const VARIABLE: &str = "RUNCOMFY_DATABASE";

const ACCOUNT_NEW: Statement = Statement {
    name: "new account",
    text: "INSERT INTO accounts (base, label) VALUES ($1, $2) ON CONFLICT DO NOTHING",
};
const ACCOUNT: Statement =
    Statement { name: "account", text: "SELECT id FROM accounts WHERE base = $1 AND label = $2" };

impl Store {
    /// Opens a store, and makes it if there is none: `sqlite://jobs.db`, or `postgres://host/name`, whose password may stand in
    /// `PGPASSWORD`. Jobs belong to the API's base URL and to a label of the account, and only those are seen.
    ///
    /// SQLite needs a file system of this machine: over a network its locks hold nothing.
    ///
    /// # Errors
    /// [`Error::Open`] and what the database says.
    pub async fn open(url: &str, base: &str, label: &str) -> Result<Self, Error> {
        // SQLite takes no name for a database that ends with its connection.
        if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Self::of_file(Path::new(path), FULL, base, label).await;
        }
        let place = without_password(url).to_owned();
        #[cfg(feature = "postgres")]
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let db = Db::postgres(url, &place).await?;
            return Self::of_db(db, None, base, label).await;
        }
        let reason = "a store is sqlite://FILE or, with the feature `postgres`, postgres://HOST/NAME".to_owned();
        Err(Error::Open { place, reason })
    }

    /// Opens the store that the variable `RUNCOMFY_DATABASE` names, as [`open`](Self::open) does: a password there is on no
    /// command line, which every user of a machine can read.
    ///
    /// # Errors
    /// The variable is not set; as [`open`](Self::open).
    pub async fn from_env(base: &str, label: &str) -> Result<Self, Error> {
        match std::env::var(VARIABLE) {
            Ok(url) => Self::open(&url, base, label).await,
            Err(error) => {
                let reason = format!("{error}: set it to sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME");
                Err(Error::Open { place: VARIABLE.to_owned(), reason })
            }
        }
    }

    async fn of_file(
        path: &Path,
        synchronous: sqlx_synchronous::SqliteSynchronous,
        base: &str,
        label: &str,
    ) -> Result<Self, Error> {
        let opening =
            |error: std::io::Error| Error::Open { place: path.display().to_string(), reason: error.to_string() };
        let mut locks = path.as_os_str().to_owned();
        locks.push("-workers");
        let locks = PathBuf::from(locks);
        std::fs::create_dir_all(&locks).map_err(opening)?;
        let db = Db::sqlite(path, synchronous).await?;
        Self::of_db(db, Some(locks), base, label).await
    }

    async fn of_db(db: Db, locks: Option<PathBuf>, base: &str, label: &str) -> Result<Self, Error> {
        let mut tx = db.begin().await?;
        let id = tables::migrate(&mut tx).await?;
        tx.run(&ACCOUNT_NEW, &args![base, label]).await?;
        let account = tx.value(&ACCOUNT, &args![base, label]).await?;
        tx.commit().await?;
        let account = account.ok_or_else(|| Error::Refused("the account can't be read back".to_owned()))?;
        Ok(Self { db, id, account, only: None, locks })
    }

    /// The same store for whoever works on one batch only: of no other one is a job submitted, followed or downloaded.
    #[must_use]
    pub fn only(mut self, batch: BatchId) -> Self {
        self.only = Some(batch);
        self
    }

    /// The batch that a statement is about, as it takes it.
    fn seen(&self) -> i64 {
        self.only.map_or(-1, |batch| batch.0)
    }

    /// Where workers of a store in a file keep what is theirs.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        self.locks.clone()
    }

    /// How files begin that workers keep for this account of this store.
    pub(crate) fn prefix(&self) -> String {
        format!("{}-{}", self.id, self.account)
    }

    /// What tells this store from all others, also from a copy of its place.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// The place in the URL of a store. A password may have an `@` or stand in the query.
fn without_password(url: &str) -> &str {
    let place = url.rsplit_once('@').map_or(url, |(_, place)| place);
    place.split(['?', '#']).next().unwrap_or_default()
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("id", &self.id).field("account", &self.account).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_error_tells_a_password() {
        for url in [
            "postgres://me:secret@host/jobs",
            "postgres://me:sec@secret@host/jobs",
            "postgres://host/jobs?user=me&password=secret",
            "postgres://me:secret@host/jobs?password=secret#secret",
        ] {
            assert!(without_password(url).ends_with("host/jobs"), "{url}");
            assert!(!without_password(url).contains("secret"), "{url}");
        }
    }
}
