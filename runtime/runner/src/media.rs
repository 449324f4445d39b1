//! Media files of inputs. In the table a file stands as its path and the digest of its content; on the wire as a `data:` URI.
//! Must not know who asks.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use runcomfy_client::rt::{Rule, Table};
use runcomfy_client::{AudioInput, ImageInput, Json, MediaFileError, MediaKind, VideoInput};

use crate::digest;

const FILE: &str = "file:";
const DIGEST: &str = "#sha256=";

/// What a media input that is a file on this machine is called in an input: `file:` and its path, made absolute. So a typed
/// input names a file: `ImageInput::url(media_file("photo.png")?)`.
///
/// # Errors
/// A file that is not there, or whose path is no text.
pub fn media_file(path: impl AsRef<Path>) -> Result<String, crate::Error> {
    let path = path.as_ref();
    let refused = |why: &str| crate::Error::Refused(format!("{}: {why}", path.display()));
    let whole = path.canonicalize().map_err(|error| refused(&error.to_string()))?;
    let text = whole.to_str().ok_or_else(|| refused("a path in a table must be a text in Unicode"))?;
    Ok(format!("{FILE}{text}"))
}

/// Makes of each file of an input its absolute path and its digest, as the table has it.
pub(crate) fn note_files(table: &'static Table, input: &mut Json, folder: &Path) -> Result<(), String> {
    no_data(input)?;
    each(table, input, &mut |_, text| {
        let Some(path) = text.strip_prefix(FILE) else { return Ok(()) };
        // What was noted before is noted again: its content may be another by now, and so another job.
        let path = path.rsplit_once(DIGEST).map_or(path, |(path, _)| path);
        let text_now = media_file(folder.join(path)).map_err(|error| error.to_string())?;
        let path = &text_now[FILE.len()..];
        // Looked at before it is opened: a pipe may wait forever, and a device may have no end.
        if !Path::new(path).metadata().map_err(|error| format!("{path}: {error}"))?.is_file() {
            return Err(format!("{path}: it is no file with a content that stays"));
        }
        let (_, sha256) = File::open(path).and_then(digest::of_reader).map_err(|error| format!("{path}: {error}"))?;
        *text = format!("{text_now}{DIGEST}{sha256}");
        Ok(())
    })
}

/// Puts the content of each file in its place, if it is what it was when it was noted. The error is for people.
pub(crate) fn fill_in(table: &'static Table, input: &mut Json) -> Result<(), String> {
    each(table, input, &mut |kind, text| {
        let Some((path, sha256)) = text.strip_prefix(FILE).and_then(|file| file.rsplit_once(DIGEST)) else {
            return Ok(());
        };
        *text = read(kind, Path::new(path), sha256)?;
        Ok(())
    })
}

type Make = fn(Vec<u8>) -> Result<String, MediaFileError>;

/// The content of a file as a `data:` URI. It is read once: what is sent is what has this digest.
fn read(kind: MediaKind, path: &Path, sha256: &str) -> Result<String, String> {
    let refused = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let (limit, make): (u64, Make) = match kind {
        MediaKind::Image => {
            (ImageInput::MAX_DATA_BYTES, |bytes| ImageInput::from_bytes(bytes).map(|made| made.as_str().to_owned()))
        }
        MediaKind::Video => {
            (VideoInput::MAX_DATA_BYTES, |bytes| VideoInput::from_bytes(bytes).map(|made| made.as_str().to_owned()))
        }
        MediaKind::Audio => {
            (AudioInput::MAX_DATA_BYTES, |bytes| AudioInput::from_bytes(bytes).map(|made| made.as_str().to_owned()))
        }
        _ => return Err(refused(&"this version can't send media of this kind")),
    };
    // Looked at before it is opened: opening a pipe may wait forever.
    if !path.metadata().map_err(|error| refused(&error))?.is_file() {
        return Err(refused(&"it is no file any more"));
    }
    let mut bytes = Vec::new();
    let whole = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    whole.map_err(|error| refused(&error))?;
    let (_, now) = digest::of_reader(bytes.as_slice()).map_err(|error| refused(&error))?;
    if now != sha256 && bytes.len() as u64 <= limit {
        return Err(refused(&"it has changed since the job was added: bring it back, or add it as another job"));
    }
    make(bytes).map_err(|error| refused(&error))
}

/// No table holds media as texts: a batch has thousands of them.
fn no_data(input: &Json) -> Result<(), String> {
    match input {
        Json::String(text) => {
            let head: String = text.chars().take(128).collect::<String>().to_ascii_lowercase();
            match head.starts_with("data:") && head.contains(";base64,") {
                false => Ok(()),
                true => Err("media is given by https URL or as `file:PATH`, not as a data: URI".to_owned()),
            }
        }
        Json::Array(items) => items.iter().try_for_each(no_data),
        Json::Object(fields) => fields.values().try_for_each(no_data),
        _ => Ok(()),
    }
}

type Visit<'a> = dyn FnMut(MediaKind, &mut String) -> Result<(), String> + 'a;

/// Visits the texts of an input with readable names that are media by its table.
fn each(table: &'static Table, input: &mut Json, visit: &mut Visit<'_>) -> Result<(), String> {
    let Json::Object(object) = input else { return Ok(()) };
    for field in table.fields {
        for name in field.aliases.iter().chain([&field.name]) {
            if let Some(value) = object.get_mut(*name) {
                by_rules(field.rules, value, visit)?;
            }
        }
    }
    table.rules.iter().try_for_each(|rule| by_rule(rule, input, visit))
}

fn by_rules(rules: &'static [Rule], value: &mut Json, visit: &mut Visit<'_>) -> Result<(), String> {
    rules.iter().try_for_each(|rule| by_rule(rule, value, visit))
}

fn by_rule(rule: &'static Rule, value: &mut Json, visit: &mut Visit<'_>) -> Result<(), String> {
    match (rule, value) {
        (Rule::Media(kind), Json::String(text)) => visit(*kind, text),
        (Rule::Properties(table), object @ Json::Object(_)) => each(table.get(), object, visit),
        (Rule::AdditionalProperties(rules), Json::Object(object)) => {
            object.values_mut().try_for_each(|value| by_rules(rules, value, visit))
        }
        (Rule::Items(rules), Json::Array(items)) => items.iter_mut().try_for_each(|item| by_rules(rules, item, visit)),
        (Rule::PrefixItems(lists), Json::Array(items)) => {
            items.iter_mut().zip(*lists).try_for_each(|(item, rules)| by_rules(rules, item, visit))
        }
        (Rule::AllOf(lists) | Rule::AnyOf(lists) | Rule::OneOf(lists), value) => {
            lists.iter().try_for_each(|rules| by_rules(rules, value, visit))
        }
        _ => Ok(()),
    }
}
