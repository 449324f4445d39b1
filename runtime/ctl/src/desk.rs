//! What a command works with: a client, an emulator inside if it was asked for, and the place of the store. Must not know commands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;
use runcomfy_client::Client;
use runcomfy_emulator::Emulator;
use runcomfy_runner::Store;
use tempfile::TempDir;

use crate::cli::Shared;
use crate::failure::{Exit, Failure};
use crate::out::Out;

/// The schemas that the emulator inside serves where no folder is given: the texts of the published models' files by their paths.
/// `cargo xtask generate` writes it.
const SCHEMAS: &str = include_str!("../assets/schemas.json");
/// How much faster than real time the emulator inside is: a job takes a second or two.
const SPEED: f64 = 20.0;
/// After this time a person is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a command works with.
pub(crate) struct Desk {
    /// None where nobody is signed in, and why.
    client: Result<Client, Failure>,
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
    /// Opens what the arguments ask for. What only looks into the store needs nobody to be signed in.
    ///
    /// # Errors
    /// An address of the API that is none; the emulator has no schemas.
    pub(crate) async fn open(shared: &Shared) -> Result<Self, Failure> {
        let (database, label) = (shared.database.clone(), shared.label.clone());
        if shared.emulator {
            let emulator = emulator(shared.schemas.as_deref()).await?;
            let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
            let folder = tempfile::tempdir().map_err(|error| Failure::new(Exit::Server, error.to_string()))?;
            let base = "emulator".to_owned();
            return Ok(Self {
                client: Ok(client),
                database,
                label,
                base,
                _emulator: Some(emulator),
                folder: Some(folder),
            });
        }
        let builder = || match &shared.base_url {
            Some(base) => Client::builder().base_url(base),
            None => Client::builder(),
        };
        let client = builder().build().map_err(Failure::from);
        let base = match &client {
            Ok(client) => client.base_url().to_string(),
            // Only for the address, as clients write it: it is never used.
            Err(_) => builder().token("nobody").build()?.base_url().to_string(),
        };
        Ok(Self { client, database, label, base, _emulator: None, folder: None })
    }

    /// The client.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub(crate) fn client(&self) -> Result<&Client, Failure> {
        self.client.as_ref().map_err(Clone::clone)
    }

    /// The store, with the jobs of this label, unless the arguments have another. Jobs of one label are not seen under another.
    ///
    /// # Errors
    /// It can't be opened.
    pub(crate) async fn store(&self, out: Out, label: &str) -> Result<Store, Failure> {
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
        let opening = Store::open(&url, &self.base, self.label.as_deref().unwrap_or(label));
        let mut opening = std::pin::pin!(opening);
        let opened = tokio::select! {
            opened = &mut opening => opened,
            () = tokio::time::sleep(PATIENCE) => {
                out.note("the store does not answer yet; it is waited for, a minute at most");
                opening.await
            }
        };
        Ok(opened?)
    }
}

/// Where the store is that no argument names.
fn data_folder() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|error| {
        Failure::new(Exit::Usage, format!("there is no place for jobs: {error}")).help("give one with --database")
    })?;
    Ok(strategy.data_dir().join("runcomfyctl"))
}

fn carried() -> Result<BTreeMap<String, String>, Failure> {
    let unreadable = |error: serde_json::Error| Failure::new(Exit::Usage, format!("this program's schemas: {error}"));
    serde_json::from_str(SCHEMAS).map_err(unreadable)
}

async fn emulator(schemas: Option<&Path>) -> Result<Emulator, Failure> {
    let builder = match schemas {
        Some(folder) => Emulator::builder(folder),
        None => Emulator::builder_of_texts(carried()?),
    };
    builder.speed(SPEED).start().await.map_err(|error| {
        let failure = Failure::new(Exit::Usage, error.to_string())
            .help("give the folder of schemas that the emulator is to serve with --schemas");
        match schemas {
            Some(folder) => failure.at_path(folder),
            None => failure,
        }
    })
}
