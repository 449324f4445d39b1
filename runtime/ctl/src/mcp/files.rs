//! The two folders: what goes in lies below one, what comes out below the other, after all links are followed. Must not read what
//! lies there.

use std::fs;
use std::path::{Path, PathBuf};

use runcomfy_client::Json;

use crate::failure::{Exit, Failure, brief};

/// The two folders.
pub(crate) struct Folders {
    files: Option<PathBuf>,
    out: PathBuf,
}

/// How an input names a file.
const FILE: &str = "file:";

impl Folders {
    /// Finds the folders, and makes that for outputs. `below` is the one in it that files are saved in.
    ///
    /// # Errors
    /// One that is not there; one for outputs that leads elsewhere.
    pub(crate) fn open(files: Option<&Path>, out: &Path, below: &str) -> Result<Self, Failure> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: std::io::Error| Failure::new(Exit::Usage, error.to_string()).at_path(&path)
        };
        let files = files.map(|files| files.canonicalize().map_err(failed(files))).transpose()?;
        let place = out.join(below);
        fs::create_dir_all(&place).map_err(failed(&place))?;
        let folders = Self { files, out: out.canonicalize().map_err(failed(out))? };
        folders.saved(Path::new(below)).map_err(|why| Failure::new(Exit::Usage, why).at_path(&place))?;
        Ok(folders)
    }

    /// The folder for outputs, without links.
    pub(crate) fn out(&self) -> &Path {
        &self.out
    }

    /// The whole path of what lies below the folder for outputs.
    ///
    /// # Errors
    /// It is not there, or somewhere else.
    pub(crate) fn saved(&self, name: &Path) -> Result<PathBuf, String> {
        let whole = self.out.join(name).canonicalize().map_err(|error| format!("{}: {error}", name.display()))?;
        match whole.starts_with(&self.out) {
            true => Ok(whole),
            false => Err(format!("{} leads out of the folder for outputs", name.display())),
        }
    }

    /// Puts the whole path in place of each file that an input names: none but those below the folder may be read.
    ///
    /// # Errors
    /// A file that is not there, or somewhere else. What lies elsewhere is not told from what is not there.
    pub(crate) fn find(&self, input: &mut Json) -> Result<(), String> {
        match input {
            Json::String(text) if is_file(text) => {
                let Some(files) = &self.files else {
                    return Err("no folder of files is open: the person starts the server with --files DIR".to_owned());
                };
                let name = text[FILE.len()..].to_owned();
                let whole = files.join(&name).canonicalize().ok();
                let inside = whole.filter(|whole| whole.starts_with(files) && whole.is_file());
                let Some(inside) = inside.as_deref().and_then(Path::to_str).filter(|path| !path.contains('#')) else {
                    return Err(format!("the person's folder has no file {}", brief(&name)));
                };
                *text = format!("{FILE}{inside}");
                Ok(())
            }
            Json::Array(items) => items.iter_mut().try_for_each(|item| self.find(item)),
            Json::Object(fields) => fields.values_mut().try_for_each(|value| self.find(value)),
            _ => Ok(()),
        }
    }
}

fn is_file(text: &str) -> bool {
    text.get(..FILE.len()).is_some_and(|start| start.eq_ignore_ascii_case(FILE))
}
