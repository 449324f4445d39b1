//! RunComfy's models at run time: the catalogue is free to read, so a program of today can run the model that is published tomorrow,
//! by readable names, checked by the same tables as compiled types before anything is paid.
//!
//! ```no_run
//! use runcomfy_client::Client;
//! use runcomfy_live::Catalogue;
//! use serde_json::json;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let catalogue = Catalogue::builder().cache("models").build()?;
//! catalogue.refresh(&client).await?;
//! let model = catalogue.model("community/wan-2-2/vace-fun")?;
//! let wire = model.to_wire(&json!({"prompt": "A lone figure", "image": "https://example.com/a.png", "steps": 20}))?;
//! let job = client.submit_checked(&model, &wire).await?;
//! # Ok(())
//! # }
//! ```
//!
//! - A [`LiveModel`] is a [`ModelInfo`](runcomfy_client::ModelInfo), as compiled models are: whatever takes one takes the other.
//! - Its names come from a lock, so that they stay when node ids and the order of a schema change: from that of the model
//!   the program was compiled with ([`CatalogueBuilder::with_models`]), else from that in the cache, else from one that was given.
//! - Where the lock's rules can't tell which field is which, nobody guesses: such a field is filled by its wire key, and
//!   [`LiveModel::doubts`] says so.
//! - What was listed once is known offline; [`LiveModel::age`] and [`Listing::age`] say since when.
//! - Tables stay for the life of the program, one for each schema that was asked for; [`MAX_KEPT_BYTES`] bounds them.

mod catalogue;
mod entry;
mod error;
mod find;
mod kept;
mod model;
mod table;

pub use catalogue::{Catalogue, CatalogueBuilder, Listing, Refreshed};
pub use entry::Entry;
pub use error::Error;
pub use kept::{MAX_KEPT_BYTES, MAX_SCHEMA_BYTES};
pub use model::LiveModel;
