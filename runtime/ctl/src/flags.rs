//! A model's fields as flags, and flags as an input. In: the field table. Out: arguments of clap, and JSON with readable names, unchecked:
//! the table says what is wrong with it, all at once. Must not know commands, nor open a connection.

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter};
use runcomfy_client::schema::Field;
use runcomfy_client::{Json, ModelInfo};
use serde_json::Map;

use crate::failure::{Exit, Failure, brief};
use crate::seen::line;
use crate::words::{self, Shape};

/// Whether what looks like a file and is none is taken for a sample that RunComfy hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Samples {
    /// `sample:NAME` only: what is misspelt must not be paid for.
    Named,
    /// Any name: an emulator takes them all, and nothing is paid.
    Any,
}

/// How the files of an input are found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files<'a> {
    /// What a name may be that is no file.
    pub(crate) samples: Samples,
    /// Where paths begin that are not absolute.
    pub(crate) folder: &'a Path,
}

/// Adds a flag for each field to a command that has its own flags by now.
pub(crate) fn with_fields(command: Command, info: &'static ModelInfo, taken: &[&str]) -> Command {
    let heading = format!("Input of {}", line(info.id));
    let longs = longs(info, taken);
    let flags: Vec<&str> = longs.iter().flatten().map(String::as_str).chain(taken.iter().copied()).collect();
    let mut formers = BTreeSet::new();
    info.schema.fields.iter().zip(&longs).fold(command, |command, (field, long)| match long {
        Some(long) => {
            let mut free = |former: &String| !flags.contains(&former.as_str()) && formers.insert(former.clone());
            let aliases = field.aliases.iter().map(|alias| dashed(alias)).filter(|alias| is_flag(alias));
            let aliases: Vec<String> = aliases.filter(|alias| free(alias)).collect();
            command.arg(flag(field, long).aliases(aliases).help_heading(heading.clone()))
        }
        None => command,
    })
}

/// The id of a field's argument, which no command's own argument has.
fn id(field: &Field) -> String {
    format!("input {}", field.name)
}

/// The flags of a model's fields: their names with `-` for `_`. A name that the program's own options or a field before have gets
/// `input-` before it. Fields without readable names are called anything: what can't be a flag has none.
pub(crate) fn longs(info: &ModelInfo, taken: &[&str]) -> Vec<Option<String>> {
    let mut taken: BTreeSet<String> = taken.iter().map(|&name| name.to_owned()).collect();
    let fields = info.schema.fields.iter().map(|field| {
        let name = dashed(field.name);
        let mut names = [name.clone(), format!("input-{name}")].into_iter().filter(|_| is_flag(&name));
        names.find(|name| taken.insert(name.clone()))
    });
    fields.collect()
}

fn dashed(name: &str) -> String {
    name.replace('_', "-").trim_matches('-').to_owned()
}

fn is_flag(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-')
}

fn flag(field: &'static Field, long: &str) -> Arg {
    let shape = Shape::of(field.rules);
    let mut arg = Arg::new(id(field))
        .long(long.to_owned())
        .value_name(shape.placeholder())
        .value_parser(value_parser!(String))
        .help(help(field, &shape));
    let values = words::values(field.rules);
    if !values.is_empty() {
        arg = arg.add(candidates(values));
    }
    let of = if let Shape::List(item) = &shape { item } else { &shape };
    arg = match of {
        Shape::Integer | Shape::Number | Shape::Any => arg.allow_negative_numbers(true),
        Shape::Media(_) => arg.add(ArgValueCompleter::new(PathCompleter::file())),
        _ => arg,
    };
    match shape {
        Shape::Switch => arg.num_args(0..=1).default_missing_value("true").require_equals(false),
        Shape::List(_) => arg.action(ArgAction::Append),
        _ => arg,
    }
}

/// What completions offer for a value.
fn candidates(values: Vec<String>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || offered(values.clone()))
}

/// What completions offer: shells put it on the line as it stands, so that nothing is among it that a shell would carry out.
pub(crate) fn offered(words: Vec<String>) -> Vec<CompletionCandidate> {
    let is_plain = |word: &String| word.chars().all(|c| c.is_alphanumeric() || "-_./:=,@%+".contains(c));
    words.into_iter().filter(is_plain).map(CompletionCandidate::new).collect()
}

fn help(field: &'static Field, shape: &Shape) -> String {
    let mut said = Vec::new();
    let about = words::about(field);
    if !about.is_empty() {
        said.push(format!("{}.", about.trim_end_matches('.')));
    }
    let allowed = words::allowed(field.rules);
    if !allowed.is_empty() {
        said.push(format!("{}.", capital(&allowed.join("; "))));
    }
    if matches!(shape, Shape::List(_)) {
        said.push("May be given several times.".to_owned());
    }
    if let Some(default) = words::default(field) {
        said.push(format!("[default: {default}]"));
    }
    if field.required {
        said.push("[required]".to_owned());
    }
    said.join(" ")
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// The input that flags say, added to one that is there.
///
/// # Errors
/// A file that is not there.
pub(crate) fn input(
    info: &'static ModelInfo,
    matches: &ArgMatches,
    mut base: Map<String, Json>,
    files: Files<'_>,
) -> Result<Json, Failure> {
    for field in info.schema.fields {
        let Ok(Some(given)) = matches.try_get_many::<String>(&id(field)) else { continue };
        let given: Vec<&String> = given.collect();
        base.insert(field.name.to_owned(), value(&Shape::of(field.rules), &given, files)?);
    }
    Ok(base.into())
}

/// The value of a field as a text says it, unchecked.
///
/// # Errors
/// A file that is not there.
pub(crate) fn read(field: &Field, text: &str, files: Files<'_>) -> Result<Json, Failure> {
    value(&Shape::of(field.rules), &[&text.to_owned()], files)
}

fn value(shape: &Shape, given: &[&String], files: Files<'_>) -> Result<Json, Failure> {
    match (shape, given) {
        (Shape::List(_), [whole]) if whole.trim_start().starts_with('[') => {
            Ok(serde_json::from_str(whole).unwrap_or_else(|_| whole.as_str().into()))
        }
        (Shape::List(item), all) => all.iter().map(|one| single(item, one, files)).collect(),
        (shape, [.., last]) => single(shape, last, files),
        (_, []) => Ok(Json::Null),
    }
}

fn single(shape: &Shape, text: &str, files: Files<'_>) -> Result<Json, Failure> {
    let read = || serde_json::from_str::<Json>(text).ok();
    Ok(match shape {
        Shape::Text | Shape::List(_) => text.into(),
        // What is none is left as it is: the table says what is wrong with it.
        Shape::Integer | Shape::Number => read().filter(Json::is_number).unwrap_or_else(|| text.into()),
        Shape::Switch => read().filter(Json::is_boolean).unwrap_or_else(|| text.into()),
        Shape::Any => read().unwrap_or_else(|| text.into()),
        Shape::Media(_) => media(text, files)?.into(),
    })
}

/// In an input that nobody typed, takes `sample:` from the names of samples, and refuses a name without it, as flags do: what is
/// meant for a file must not be paid for.
///
/// # Errors
/// The name of a sample that does not say so.
pub(crate) fn name_samples(info: &ModelInfo, input: &mut Json) -> Result<(), String> {
    for field in info.schema.fields {
        let shape = Shape::of(field.rules);
        let of = if let Shape::List(item) = &shape { item } else { &shape };
        if let (Shape::Media(_), Some(value)) = (of, input.get_mut(field.name)) {
            let values = match value {
                Json::Array(items) => items.iter_mut().collect(),
                one => vec![one],
            };
            values.into_iter().try_for_each(|value| name_sample(field.name, value))?;
        }
    }
    Ok(())
}

fn name_sample(field: &str, value: &mut Json) -> Result<(), String> {
    let Json::String(text) = value else { return Ok(()) };
    if let Some(name) = text.strip_prefix("sample:") {
        *text = name.to_owned();
        return Ok(());
    }
    // What has none of these is read as a name.
    match text.contains([':', '/', '\\']) {
        true => Ok(()),
        false => Err(format!("{field}: {} is neither an https URL nor file:NAME nor sample:NAME", brief(text))),
    }
}

/// A media input: a URL, `sample:` and a name, or a file on this machine, which a job has by its path and content.
fn media(text: &str, files: Files<'_>) -> Result<String, Failure> {
    if let Some(name) = text.strip_prefix("sample:") {
        return Ok(name.to_owned());
    }
    if text.contains("://") || text.starts_with("data:") {
        return Ok(text.to_owned());
    }
    let path = text.strip_prefix("file:").unwrap_or(text);
    let whole = files.folder.join(path);
    match whole.try_exists() {
        Ok(true) => runcomfy_runner::media_file(&whole).map_err(Failure::from),
        Ok(false) if files.samples == Samples::Any && !path.contains(['/', '\\']) && path == text => {
            Ok(text.to_owned())
        }
        Ok(false) => Err(Failure::new(Exit::Input, format!("there is no file {path}"))
            .help("give a file, an https URL, or sample:NAME for a sample that RunComfy hosts")),
        Err(error) => Err(Failure::new(Exit::Input, error.to_string()).at(path)),
    }
}
