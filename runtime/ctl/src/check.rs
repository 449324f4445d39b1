//! `check`, and how an input is read that is to be run: a file of JSON, and flags over it. Must not send anything.

use std::io::Read as _;
use std::path::Path;

use clap::ArgMatches;
use runcomfy_client::schema::Names;
use runcomfy_client::{Json, ModelInfo};
use runcomfy_runner::Prepared;
use serde_json::{Map, json};

use crate::failure::{Exit, Failure};
use crate::flags::{self, Files, Samples};
use crate::out::Out;

/// Says whether an input is one.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn check(out: Out, info: &'static ModelInfo, input: &Json) -> Result<(), Failure> {
    prepare(info, input)?;
    out.answer(&json!({"model": info.id, "valid": true}), &format!("{} takes this input", info.id))
}

/// The input of a file and of flags, unchecked.
///
/// # Errors
/// What can't be read.
pub(crate) fn read(
    info: &'static ModelInfo,
    matches: &ArgMatches,
    file: Option<&Path>,
    samples: Samples,
) -> Result<Json, Failure> {
    let base = file.map_or_else(|| Ok(Map::new()), object)?;
    flags::input(info, matches, base, Files { samples, folder: Path::new("") })
}

fn object(path: &Path) -> Result<Map<String, Json>, Failure> {
    match serde_json::from_str(&text(path)?) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(Failure::new(Exit::Input, "an input is a JSON object with readable names").at(name(path))),
        Err(error) => {
            let place = format!("{}:{}:{}", name(path), error.line(), error.column());
            Err(Failure::new(Exit::Input, format!("no JSON: {error}")).at(place))
        }
    }
}

/// The text of a file, or of the standard input for `-`.
///
/// # Errors
/// It can't be read.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match path == Path::new("-") {
        true => std::io::stdin().lock().read_to_string(&mut text).map(drop),
        false => std::fs::read_to_string(path).map(|read| text = read),
    };
    // Some editors put a mark before a text.
    read.map(|()| text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
        .map_err(|error| Failure::new(Exit::Input, error.to_string()).at(name(path)))
}

fn name(path: &Path) -> String {
    if path == Path::new("-") { "the standard input".to_owned() } else { path.display().to_string() }
}

/// An input with the contents of its files, once it is known to be one.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn prepare(info: &ModelInfo, input: &Json) -> Result<Prepared, Failure> {
    let prepared = Prepared::new(info, input, Path::new("")).map_err(|error| Failure::from(error).at(info.id))?;
    info.check(&prepared.whole, Names::Readable).map_err(|invalid| Failure::invalid(info.id, &invalid))?;
    Ok(prepared)
}
