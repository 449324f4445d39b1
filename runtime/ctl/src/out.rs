//! Where answers go: text or JSON on the standard output, everything else on the standard error; colours only where they are
//! seen. Must not know what is said.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;

use runcomfy_client::Json;

use crate::failure::{Exit, Failure};

/// Where answers go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    /// Whether a program reads the standard output.
    pub(crate) json: bool,
}

impl Out {
    /// An answer: one of the two is written.
    pub(crate) fn answer(&self, json: &Json, text: &str) {
        match self.json {
            true => write(&mut io::stdout().lock(), &pretty(json)),
            false => write(&mut anstream::stdout().lock(), text),
        }
    }

    /// What happens meanwhile, for people.
    pub(crate) fn note(&self, text: &str) {
        write(&mut anstream::stderr().lock(), text);
    }

    /// What went wrong.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            write(&mut io::stdout().lock(), &pretty(&failure.json()));
        }
        write(&mut anstream::stderr().lock(), &failure.text());
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
    serde_json::to_string_pretty(json).unwrap_or_default()
}

/// Writes lines. Who reads them may have gone, as `head` does.
fn write(stream: &mut impl Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}
