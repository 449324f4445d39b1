//! A batch as files: the manifest beside its outputs, which can be checked without the database, CSV for spreadsheets. Must not
//! decide anything.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use futures_util::{Stream, TryStreamExt as _, stream};

use crate::spool::sync_folder;
use crate::store::Record;
use crate::worker::safe;
use crate::{Batch, Error, digest};

/// How many jobs are read at a time.
const PAGE: usize = 500;

/// What a manifest is called.
const MANIFEST: &str = "manifest.jsonl";

impl Batch {
    /// All jobs, in the order in which they were added, with all that is known of them.
    pub fn records(&self) -> impl Stream<Item = Result<Record, Error>> + Send + Unpin + use<> {
        let batch = self.clone();
        Box::pin(
            stream::try_unfold((batch, 0), async |(batch, after)| {
                let page = batch.store().records(batch.id(), after, PAGE).await?;
                let last = page.last().map(|(job, _)| *job);
                let records = page.into_iter().map(|(_, record)| Ok::<_, Error>(record));
                Ok::<_, Error>(last.map(|last| (stream::iter(records.collect::<Vec<_>>()), (batch, last))))
            })
            .try_flatten(),
        )
    }

    /// Writes a line of JSON for each job, and gives how many.
    ///
    /// # Errors
    /// What the database and the writer say.
    pub async fn export_json_lines(&self, out: &mut (impl Write + Send)) -> Result<u64, Error> {
        let (mut records, mut count) = (self.records(), 0);
        while let Some(record) = records.try_next().await? {
            let line = serde_json::to_string(&record).map_err(|error| unwritten(&error))?;
            writeln!(out, "{line}").map_err(|error| unwritten(&error))?;
            count += 1;
        }
        Ok(count)
    }

    /// Writes a table in CSV with a row for each job, and gives how many: what the manifest has, but for inputs and for requests
    /// beside the last. Names of files have spaces between them.
    ///
    /// # Errors
    /// What the database and the writer say.
    pub async fn export_csv(&self, out: &mut (impl Write + Send)) -> Result<u64, Error> {
        let mut table = csv::Writer::from_writer(out);
        let unwritten = |error: csv::Error| unwritten(&error);
        table.write_record(COLUMNS).map_err(unwritten)?;
        let (mut records, mut count) = (self.records(), 0);
        while let Some(record) = records.try_next().await? {
            table.write_record(cells(&record)).map_err(unwritten)?;
            count += 1;
        }
        table.flush().map_err(|error| unwritten(error.into()))?;
        Ok(count)
    }

    /// Writes the manifest into the batch's folder below this one, in place of an older one, and gives its path: a line of JSON for
    /// each job. [`check_manifest`] reads it.
    ///
    /// # Errors
    /// What the database and the disk say.
    pub async fn write_manifest(&self, folder: &Path) -> Result<PathBuf, Error> {
        let folder = folder.join(safe(self.name()));
        let path = folder.join(MANIFEST);
        let part = folder.join(format!(".{MANIFEST}.{:08x}", fastrand::u32(..)));
        let failed = |error: io::Error| Error::Refused(format!("{}: {error}", path.display()));
        fs::create_dir_all(&folder).map_err(failed)?;
        let mut out = BufWriter::new(File::create(&part).map_err(failed)?);
        self.export_json_lines(&mut out).await?;
        let whole = out.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        whole.and_then(|()| fs::rename(&part, &path)).and_then(|()| sync_folder(&folder)).map_err(failed)?;
        Ok(path)
    }
}

const COLUMNS: [&str; 13] = [
    "key",
    "model",
    "state",
    "request_id",
    "cost_usd",
    "quote_usd",
    "machine",
    "sent_at",
    "ended_at",
    "input_sha256",
    "wire_sha256",
    "files",
    "heard",
];

fn cells(record: &Record) -> [String; 13] {
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let files: Vec<&str> = record.files.iter().map(|file| file.name.as_str()).collect();
    [
        record.key.clone(),
        record.model.clone(),
        record.state.clone(),
        given(&record.request_id),
        given(&record.cost_usd),
        record.quote_usd.clone(),
        given(&record.machine),
        given(&record.sent_at),
        given(&record.ended_at),
        record.input_sha256.clone(),
        given(&record.wire_sha256),
        files.join(" "),
        given(&record.heard),
    ]
}

fn unwritten(error: &dyn std::fmt::Display) -> Error {
    Error::Refused(format!("the export can't be written: {error}"))
}

/// Holds a manifest against its own inputs and against the files beside it, and gives what is not as it says, each in a line.
///
/// # Errors
/// A manifest that can't be read.
pub fn check_manifest(path: &Path) -> io::Result<Vec<String>> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut wrong = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(File::open(path)?).lines()) {
        let record: Record = match serde_json::from_str(&line?) {
            Ok(record) => record,
            Err(error) => {
                wrong.push(format!("line {number}: {error}"));
                continue;
            }
        };
        if digest::of_text(record.input.get()) != record.input_sha256 {
            wrong.push(format!("{}: its input is not the one that was run", record.key));
        }
        for file in &record.files {
            match File::open(folder.join(&file.name)).and_then(digest::of_reader) {
                Ok(found) if found == (file.bytes, file.sha256.clone()) => {}
                Ok(_) => wrong.push(format!("{}: {} is not the file that was saved", record.key, file.name)),
                Err(error) => wrong.push(format!("{}: {}: {error}", record.key, file.name)),
            }
        }
    }
    Ok(wrong)
}
