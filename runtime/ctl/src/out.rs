//! Where answers go: text or JSON on the standard output, everything else on the standard error; colours only where they are
//! seen. Must not know what is said.

use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::path::Path;

use runcomfy_client::Json;

use crate::failure::{Exit, Failure};
use crate::seen;

/// Where answers go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    /// Whether a program reads the standard output.
    pub(crate) json: bool,
}

impl Out {
    /// An answer: one of the two is written.
    ///
    /// # Errors
    /// It can't be written. Who reads it may have had enough, as `head` has: that is none.
    pub(crate) fn answer(&self, json: &Json, text: &str) -> Result<(), Failure> {
        match self.json {
            true => answered(write(&mut io::stdout().lock(), &pretty(json))),
            false => Self::text(text),
        }
    }

    /// An answer for people, JSON or not.
    ///
    /// # Errors
    /// As for [`answer`](Self::answer).
    pub(crate) fn text(text: &str) -> Result<(), Failure> {
        answered(write(&mut anstream::stdout().lock(), &seen::screen(text)))
    }

    /// An answer to the letter.
    ///
    /// # Errors
    /// As for [`answer`](Self::answer).
    pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
        let mut stream = io::stdout().lock();
        answered(stream.write_all(bytes).and_then(|()| stream.flush()))
    }

    /// What happens meanwhile, for people. Where nobody can hear it, it is not said.
    pub(crate) fn note(&self, text: &str) {
        _ = write(&mut anstream::stderr().lock(), &seen::screen(text));
    }

    /// What went wrong. The exit code says so too, wherever the text goes.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            _ = write(&mut io::stdout().lock(), &pretty(&failure.json()));
        }
        self.note(&failure.text());
    }

    /// Whether a person sees progress and can be asked.
    pub(crate) fn is_watched(&self) -> bool {
        !self.json && io::stderr().is_terminal() && io::stdin().is_terminal()
    }
}

/// Makes the folder that files of paid jobs come to, before anything is paid.
///
/// # Errors
/// It is not there and can't be made.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| {
        let what = format!("files can't be saved there: {error}");
        Failure::new(Exit::Usage, what).at_path(path).help("give another folder with --out; nothing was sent")
    })
}

/// JSON as people read it.
pub(crate) fn pretty(json: &Json) -> String {
    seen::escaped(&serde_json::to_string_pretty(json).unwrap_or_default()).into_owned()
}

/// Writes lines.
fn write(stream: &mut impl Write, text: &str) -> io::Result<()> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    write!(stream, "{text}{end}").and_then(|()| stream.flush())
}

fn answered(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(Exit::Server, error.to_string())
            .at("the standard output")
            .help("the command did what it was told to, and its answer is lost")),
        _ => Ok(()),
    }
}
