//! The live catalogue: a client in, a [`Response`] out. Pages come as the server wrote them and are read by the reader of
//! saved responses. Knows pages, not the schema folder.
//!
//! Pages are cut by position, so a model that comes or goes while they are read makes others appear twice, or on no page at
//! all. Twice is no harm. What seems to be gone is asked for by its id before anybody believes it.

use indicatif::{ProgressBar, ProgressStyle};
use runcomfy_client::{CatalogueQuery, Client, Error as ClientError};
use runcomfy_codegen::fs::decode;
use runcomfy_codegen::{Error, ErrorKind, ModelId};
use tokio::runtime;

use runcomfy_codegen::sync::response::{self, Origin, Response};

/// How many models a page holds: schemas are long, and a page that fails is read again as a whole.
const PAGE: usize = 100;

/// Reads the catalogue of the API at `base_url`, else of the one that the environment names. `known` are the models that
/// were listed so far.
///
/// # Errors
/// [`ErrorKind::Io`] without a token, or if a page can't be read: nothing is known then of what it lists.
pub(crate) fn read(base_url: Option<&str>, known: &[ModelId]) -> Result<Response, Error> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(ErrorKind::Io, format!("no runtime for requests: {error}")))?;
    let builder = base_url.into_iter().fold(Client::builder(), |builder, url| builder.base_url(url));
    let client = builder.build().map_err(|error| unreadable(&error))?;
    runtime.block_on(fetch(&client, known))
}

async fn fetch(client: &Client, known: &[ModelId]) -> Result<Response, Error> {
    let bar = progress_bar();
    let mut response = Response::default();
    let mut query = CatalogueQuery::new().include_schema().limit(PAGE);
    let mut before = Vec::new();
    loop {
        let origin = Origin::live(format!("GET …/models?include_schema=true&limit={PAGE}&offset={}", query.offset));
        let bytes = client.catalogue_page_bytes(&query).await.map_err(|error| of(&origin, unreadable(&error)))?;
        // A server that knows no pages sends the same again and again.
        let is_again = bytes == before;
        before.clone_from(&bytes);
        let page = response::page(&origin, &text(&origin, bytes)?)?;
        query.offset += page.entries.len();
        bar.set_length(page.total.unwrap_or_default());
        bar.set_position(query.offset as u64);
        let is_last =
            is_again || page.entries.is_empty() || page.total.is_some_and(|total| query.offset as u64 >= total);
        page.entries.into_iter().for_each(|entry| response.take(entry));
        if is_last {
            break;
        }
    }
    if response.models() == 0 {
        return Err(Error::new(ErrorKind::InvalidSchema, "the catalogue lists no model")
            .help("all models would be taken for removed, so nothing was changed"));
    }
    let missing: Vec<&ModelId> = known.iter().filter(|id| !response.lists(id)).collect();
    for id in missing {
        bar.set_message(format!("is {id} gone?"));
        let origin = Origin::live(format!("GET …/models/{id}"));
        let entry = match client.catalogue_entry_bytes(id.as_str()).await {
            Ok(None) => continue,
            Ok(Some(bytes)) => text(&origin, bytes).and_then(|text| response::single(&origin, &text)),
            Err(error) => Err(of(&origin, unreadable(&error))),
        };
        // Whatever is wrong with the answer, it is about this model.
        response.take(entry.map_err(|error| Error { model: id.to_string(), ..error }));
    }
    bar.finish_and_clear();
    Ok(response)
}

/// The text of an answer, in whatever encoding a saved one may have.
fn text(origin: &Origin, bytes: Vec<u8>) -> Result<String, Error> {
    decode(bytes).map_err(|error| of(origin, error).help("nothing was changed; report it to RunComfy"))
}

fn of(origin: &Origin, error: Error) -> Error {
    error.of("", &*origin.name)
}

fn unreadable(error: &ClientError) -> Error {
    Error::new(ErrorKind::Io, format!("the catalogue can't be read: {error}"))
        .help("nothing was changed; `--from FILE` takes a saved answer instead")
}

/// For people; nothing is drawn where standard error is no terminal.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::no_length();
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} models {msg}") {
        bar.set_style(style);
    }
    bar
}
