//! Who works, and who is gone. That is said once for each start of a worker and never taken back. Must not know jobs.

use std::fs::File;
use std::path::PathBuf;

use fs4::FileExt;

use super::Store;
use super::db::{Statement, args};
use crate::Error;

/// A worker's registration. On one machine its life is told by a lock on a file, which the system takes away with the process,
/// however that ends; elsewhere by a lease in the database's time, which the worker renews.
#[derive(Debug)]
pub struct Life {
    worker: i64,
    /// Held for as long as this lives.
    lock: Option<(PathBuf, File)>,
}

impl Life {
    /// The worker's number, given out once.
    #[must_use]
    pub fn worker(&self) -> i64 {
        self.worker
    }
}

const REGISTER: Statement = Statement {
    name: "register",
    text: "INSERT INTO workers (account, machine, process, started_at, lease_until) VALUES ($1, $2, $3, $4, $5) RETURNING id",
};
const RENEW: Statement =
    Statement { name: "renew", text: "UPDATE workers SET lease_until = $2 WHERE id = $1 AND gone = 0" };
const ALIVE: Statement =
    Statement { name: "alive", text: "SELECT id, lease_until FROM workers WHERE account = $1 AND gone = 0" };
const GONE: Statement =
    Statement { name: "gone", text: "UPDATE workers SET gone = 1 WHERE id = $1 AND gone = 0 AND lease_until = $2" };
const LEAVE: Statement =
    Statement { name: "leave", text: "UPDATE workers SET gone = 1 WHERE id = $1 AND account = $2" };
/// Whoever looks for a download need not know who is gone.
const NOBODYS: Statement = Statement {
    name: "nobody's downloads",
    text: "UPDATE jobs SET files_owner = NULL
        WHERE account = $1 AND files = 'pending' AND files_owner IN (SELECT id FROM workers WHERE gone = 1)",
};

impl Store {
    /// Begins a worker's life, for so many milliseconds where a clock tells.
    ///
    /// # Errors
    /// What the database says, and the file system where locks tell.
    pub async fn register(&self, machine: &str, lease: i64) -> Result<Life, Error> {
        let mut tx = self.db.begin().await?;
        let now = tx.now().await?;
        let values = args![self.account, machine, i64::from(std::process::id()), now, now + lease];
        let worker = tx.value(&REGISTER, &values).await?.unwrap_or_default();
        // Before the row can be seen: nobody finds a worker without its lock.
        let lock = match self.lock_of(worker) {
            None => None,
            Some(path) => {
                let opening = |error: std::io::Error| Error::Open {
                    place: path.display().to_string(),
                    reason: error.to_string(),
                };
                let file = File::create(&path).map_err(opening)?;
                FileExt::try_lock(&file).map_err(|error| opening(error.into()))?;
                Some((path, file))
            }
        };
        tx.commit().await?;
        Ok(Life { worker, lock })
    }

    /// Renews a worker's lease. `false` if others have said that it is gone: then it registers anew.
    ///
    /// # Errors
    /// What the database says.
    pub async fn renew(&self, life: &Life, lease: i64) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let until = tx.now().await? + lease;
        let changed = tx.run(&RENEW, &args![life.worker, until]).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Finds out which workers are gone, and says so for good. What they were to download is nobody's then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn bury(&self) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let now = tx.now().await?;
        for row in tx.rows(&ALIVE, &args![self.account]).await? {
            let (worker, lease_until): (i64, i64) = (row.get(0)?, row.get(1)?);
            let is_gone = match self.lock_of(worker) {
                Some(path) => is_free(&path),
                None => lease_until < now,
            };
            if is_gone {
                tx.run(&GONE, &args![worker, lease_until]).await?;
            }
        }
        tx.run(&NOBODYS, &args![self.account]).await?;
        tx.commit().await
    }

    /// Ends a worker's life: others take over what it has left.
    ///
    /// # Errors
    /// What the database says.
    pub async fn leave(&self, life: Life) -> Result<(), Error> {
        self.gone(life.worker).await?;
        if let Some((path, file)) = life.lock {
            drop(file);
            // Whoever finds it again finds it free.
            _ = std::fs::remove_file(path);
        }
        Ok(())
    }

    /// Says that a worker is gone, for good: its process has ended.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn gone(&self, worker: i64) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        tx.run(&LEAVE, &args![worker, self.account]).await?;
        tx.run(&NOBODYS, &args![self.account]).await?;
        tx.commit().await
    }

    fn lock_of(&self, worker: i64) -> Option<PathBuf> {
        Some(self.locks.as_ref()?.join(format!("{worker}.lock")))
    }
}

/// Whether nobody holds a lock. One that is not there was removed by its owner, or by hand.
fn is_free(path: &std::path::Path) -> bool {
    match File::open(path) {
        Ok(file) => FileExt::try_lock(&file).is_ok(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
