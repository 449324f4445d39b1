//! What a command works with: a client, an emulator inside if it was asked for, and the place of the store. Must not know commands.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use runcomfy_client::Client;
use runcomfy_emulator::Emulator;
use runcomfy_runner::Store;
use tempfile::TempDir;

use crate::cli::Shared;
use crate::failure::{Exit, Failure};

/// The schemas that the emulator inside serves where none are given.
const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
/// How much faster than real time the emulator inside is: a job takes a second or two.
const SPEED: f64 = 20.0;

/// What a command works with.
pub(crate) struct Desk {
    /// The client.
    pub(crate) client: Client,
    database: Option<String>,
    label: Option<String>,
    /// What jobs of the store belong to: the API's address, or the emulator's name.
    base: String,
    /// Ends with the program.
    _emulator: Option<Emulator>,
    /// The emulator's store, unless another is given: what it has ends with the emulator.
    folder: Option<TempDir>,
}

impl Desk {
    /// Opens what the arguments ask for.
    ///
    /// # Errors
    /// Nobody is signed in; the emulator has no schemas.
    pub(crate) async fn open(shared: &Shared) -> Result<Self, Failure> {
        let (database, label) = (shared.database.clone(), shared.label.clone());
        if shared.emulator {
            let emulator = emulator(shared.schemas.as_deref()).await?;
            let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
            let folder = tempfile::tempdir().map_err(|error| Failure::new(Exit::Server, error.to_string()))?;
            let base = "emulator".to_owned();
            return Ok(Self { client, database, label, base, _emulator: Some(emulator), folder: Some(folder) });
        }
        let client = match &shared.base_url {
            Some(base) => Client::builder().base_url(base).build()?,
            None => Client::from_env()?,
        };
        let base = client.base_url().to_string();
        Ok(Self { client, database, label, base, _emulator: None, folder: None })
    }

    /// The store, with the jobs of this label, unless the arguments have another. Jobs of one label are not seen under another.
    ///
    /// # Errors
    /// It can't be opened.
    pub(crate) async fn store(&self, label: &str) -> Result<Store, Failure> {
        let url = match (&self.database, &self.folder) {
            (Some(url), _) => url.clone(),
            (None, Some(folder)) => format!("sqlite://{}", folder.path().join("jobs.db").display()),
            (None, None) => {
                let folder = data_folder()?;
                std::fs::create_dir_all(&folder)
                    .map_err(|error| Failure::new(Exit::Server, error.to_string()).at_path(&folder))?;
                format!("sqlite://{}", folder.join("jobs.db").display())
            }
        };
        Ok(Store::open(&url, &self.base, self.label.as_deref().unwrap_or(label)).await?)
    }
}

/// Where the store is that no argument names.
fn data_folder() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        Failure::new(Exit::Usage, format!("there is no place for jobs: {error}")).help("give one with --database")
    })?;
    Ok(strategy.data_dir().join("runcomfyctl"))
}

async fn emulator(schemas: Option<&Path>) -> Result<Emulator, Failure> {
    let schemas = schemas.unwrap_or(Path::new(SCHEMAS));
    Emulator::builder(schemas).speed(SPEED).start().await.map_err(|error| {
        Failure::new(Exit::Usage, error.to_string())
            .at_path(schemas)
            .help("give the folder of schemas that the emulator is to serve with --schemas")
    })
}
