//! From `pending` to `fetched`: who brings the files of a job that succeeded, and what lies under their names. Nothing that
//! happens here changes how a job ended. Must not know how files are fetched.

use serde::{Deserialize, Serialize};

use super::Store;
use super::db::{Row, Statement, Tx, args};
use crate::Error;

/// A job whose files somebody brings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Download {
    /// The job.
    pub job: i64,
    /// In the names of unfinished files, and what the row is fenced by.
    pub epoch: i64,
    /// The caller's key.
    pub key: String,
    /// The name of its batch.
    pub batch: String,
    /// The model.
    pub model: String,
    /// The output, as JSON.
    pub output: String,
}

/// A file that lies under its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The name below the folder of the batch, with `/` between folders.
    pub name: String,
    /// Where it was fetched from.
    pub url: String,
    /// Its length.
    pub bytes: u64,
    /// The SHA-256 of what lies under the name, in hexadecimal digits.
    pub sha256: String,
}

const OPEN: Statement = Statement {
    name: "open downloads",
    text: "SELECT jobs.id, jobs.key, batches.name, jobs.output, jobs.files_epoch, jobs.model
        FROM jobs JOIN batches ON batches.id = jobs.batch
        WHERE jobs.account = $1 AND jobs.files = 'pending' AND jobs.files_owner IS NULL
            AND jobs.batch > $3 AND jobs.batch <= $4
        ORDER BY jobs.files_owner, jobs.batch, jobs.id LIMIT $2",
};
const TAKE: Statement = Statement {
    name: "take a download",
    text: "UPDATE jobs SET files_epoch = files_epoch + 1, files_owner = $3
        WHERE id = $1 AND files_epoch = $2 AND files = 'pending' AND state = 'succeeded' AND files_owner IS NULL
            AND EXISTS (SELECT 1 FROM workers WHERE workers.id = $3 AND workers.gone = 0)",
};
const LEFT: Statement = Statement {
    name: "leave a download",
    text: "UPDATE jobs SET heard = $3 WHERE id = $1 AND files_epoch = $2 AND files = 'pending'",
};
const FETCHED: Statement = Statement {
    name: "fetched",
    text: "UPDATE jobs SET files = 'fetched', files_owner = NULL WHERE id = $1 AND files_epoch = $2 AND files = 'pending'",
};
const COMPLETED: Statement = Statement {
    name: "completed",
    text: "UPDATE jobs SET files = 'fetched', files_owner = NULL, heard = NULL WHERE id = $1 AND files_epoch = $2",
};
const EXPIRED: Statement = Statement {
    name: "expired",
    text: "UPDATE jobs SET files = 'expired', files_owner = NULL, heard = $3
        WHERE id = $1 AND files_epoch = $2 AND files = 'pending'",
};
const FILE: Statement = Statement {
    name: "note a file",
    text: "INSERT INTO files (job, name, url, bytes, sha256) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
};
const FILES: Statement = Statement { name: "count files", text: "SELECT COUNT(*) FROM files WHERE job = $1" };

/// What became of the files of a download that did not bring all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The server has them no more: nobody tries again.
    Expired,
    /// They may be had later: the next start tries again.
    Left,
}

impl Store {
    /// Takes a download that nobody has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take_download(&self, worker: i64) -> Result<Option<Download>, Error> {
        // Mostly there is none, and who only reads keeps nobody waiting.
        if self.open_downloads(&mut self.db.read().await?, 1).await?.is_empty() {
            return Ok(None);
        }
        let mut tx = self.db.begin().await?;
        for download in self.open_downloads(&mut tx, 8).await? {
            if tx.run(&TAKE, &args![download.job, download.epoch - 1, worker]).await? > 0 {
                tx.commit().await?;
                return Ok(Some(download));
            }
        }
        Ok(None)
    }

    /// Downloads that nobody has, as whoever takes them will have them.
    pub(super) async fn open_downloads(&self, tx: &mut Tx, most: i64) -> Result<Vec<Download>, Error> {
        let (after, up_to) = self.seen_batches();
        tx.rows(&OPEN, &args![self.account, most, after, up_to]).await?.iter().map(opened).collect()
    }

    /// Says that a download did not work. It stays the writer's until that is gone: the next start tries again. Gives whether it
    /// was still the writer's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn leave_download(&self, place: (i64, i64), reason: &str) -> Result<bool, Error> {
        self.note_some_files(place, &[], usize::MAX, (Missing::Left, reason)).await
    }

    /// Says that the files are on the server no more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn expire_download(&self, place: (i64, i64), reason: &str) -> Result<bool, Error> {
        self.note_some_files(place, &[], usize::MAX, (Missing::Expired, reason)).await
    }

    /// Notes the files that lie under their names, of an output that has so many, and what became of the others. What an earlier
    /// try has brought counts too: with it, nothing may be missing. Gives whether the download was still the writer's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_some_files(
        &self,
        (job, epoch): (i64, i64),
        files: &[StoredFile],
        all: usize,
        (missing, reason): (Missing, &str),
    ) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let statement = if missing == Missing::Expired { &EXPIRED } else { &LEFT };
        if tx.run(statement, &args![job, epoch, reason]).await? == 0 {
            return Ok(false);
        }
        note_all(&mut tx, job, files).await?;
        let there: i64 = tx.value(&FILES, &args![job]).await?.unwrap_or_default();
        if usize::try_from(there).is_ok_and(|there| there >= all) {
            tx.run(&COMPLETED, &args![job, epoch]).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Notes what lies under the final names, once it lies there. Gives whether the download was still the writer's.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_files(&self, (job, epoch): (i64, i64), files: &[StoredFile]) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        if tx.run(&FETCHED, &args![job, epoch]).await? == 0 {
            return Ok(false);
        }
        note_all(&mut tx, job, files).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn note_all(tx: &mut Tx, job: i64, files: &[StoredFile]) -> Result<(), Error> {
    for StoredFile { name, url, bytes, sha256 } in files {
        let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
        tx.run(&FILE, &args![job, name.as_str(), url.as_str(), bytes, sha256.as_str()]).await?;
    }
    Ok(())
}

fn opened(row: &Row) -> Result<Download, Error> {
    let epoch = row.get::<i64>(4)? + 1;
    let output = row.get::<Option<String>>(3)?.unwrap_or_default();
    Ok(Download { job: row.get(0)?, epoch, key: row.get(1)?, batch: row.get(2)?, model: row.get(5)?, output })
}
