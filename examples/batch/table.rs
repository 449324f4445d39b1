//! The job table: a folder with one small JSON file for each job, readable and repairable by hand. In: what became of a
//! job. Out: the same, on disk before this returns, also if the power fails next. Must not know the network.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use fs4::FileExt;
use runcomfy::community::wan_2_2::vace_fun::Input;
use serde::{Deserialize, Serialize};

/// A job that shall be run once.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    /// With readable names: it survives a renumbering of the model's nodes.
    pub(crate) input: Input,
    #[serde(flatten)]
    pub(crate) state: State,
    #[serde(skip)]
    pub(crate) number: usize,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum State {
    /// Not submitted.
    New,
    /// A submit is under way. Found at the start, it means that a program ended in the middle of one.
    Submitting,
    /// Submitted, and paid for. All that is left to do is free.
    Submitted { request_id: String },
    /// The file is there.
    Done { request_id: String, file: PathBuf },
    /// The job or its input failed for good.
    Failed { request_id: Option<String>, why: String },
    /// Nobody here knows whether there is a job. It is not submitted again unless somebody sets it to `new`.
    OutcomeUnknown { why: String },
}

/// The folder; locked, so that no two programs run the same jobs.
pub(crate) struct Table {
    folder: PathBuf,
    _lock: File,
}

impl Table {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = File::create(folder.join("lock"))?;
        FileExt::try_lock(&lock)
            .map_err(|_| io::Error::other(format!("{}: another program runs these jobs", folder.display())))?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// The rows, in order; new ones for the inputs that have none yet. A row that was made for another input is an error:
    /// a line that moved would be paid for again, and one that took its place never run.
    pub(crate) fn rows(&self, inputs: impl IntoIterator<Item = Input>) -> io::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (number, input) in inputs.into_iter().enumerate() {
            let row = match fs::read(self.path(number)) {
                Ok(text) => {
                    let row = Row { number, ..serde_json::from_slice(&text)? };
                    if row.input != input {
                        let path = self.path(number);
                        let what = "holds another job than this line asks for";
                        let help = "add prompts at the end only, or name another --table";
                        return Err(io::Error::other(format!("{}: {what}; {help}", path.display())));
                    }
                    row
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    let row = Row { input, state: State::New, number };
                    self.store(&row)?;
                    row
                }
                Err(error) => return Err(error),
            };
            rows.push(row);
        }
        Ok(rows)
    }

    /// Writes the row beside its old version, then puts it in its place.
    pub(crate) fn store(&self, row: &Row) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        serde_json::to_writer_pretty(&mut file, row)?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(self.path(row.number))?;
        // The new name, too, must outlive a power failure.
        File::open(&self.folder)?.sync_all()
    }

    fn path(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number:04}.json"))
    }
}
