//! Every fixed-up schema read a second time, by typify, which knows nothing of us; how its reading differs from ours comes
//! out. A schema that two readers understand differently is looked at by a person before it is released.
//!
//! ```text
//! ours: representation → reading      encode, theirs: schema → typify's types → reading      reading: the differences
//! ```
//!
//! Compared are properties, which are required, types, listed strings and the forms of unions; bounds and formats are not,
//! for typify drops the first and stumbles over the second. What a person has looked at is accepted by a line of `[accept]`.

mod encode;
mod ours;
mod reading;
#[cfg(test)]
mod tests;
mod theirs;

use std::collections::BTreeSet;

use crate::ir::{Output, Ty, Type};
use crate::overrides::unused;
use crate::pipeline::{Understood, understood};
use crate::schema::Schema;
use crate::{Error, ErrorKind, Errors, Sources};

/// How typify's reading of the sources differs from ours; empty where it does not.
///
/// # Errors
/// Everything wrong with any model, and entries of `[accept] second_opinion` that accept nothing.
pub fn differences(sources: &Sources) -> Result<Errors, Errors> {
    let understood = understood(sources)?;
    let compare = || {
        let mut found = Errors::default();
        let mut errors = Errors::default();
        for one in &understood {
            found.append(unaccepted(one, compared(one), &mut errors));
        }
        errors.or(found)
    };
    theirs::in_thread(compare).unwrap_or_else(|| {
        let error = Error::new(ErrorKind::Internal, "the second opinion could not be run");
        Err(error.help("report it; `cargo xtask generate` needs none").into())
    })
}

/// The differences of one model, or of a shape that many share.
fn compared(one: &Understood) -> Vec<Error> {
    let types = &one.types;
    let input = one.input.as_ref().map(|(file, schema)| (file, file_differences(schema, &Ty::Named(0), types)));
    let output = match &one.output {
        (file, schema, Output::Own(ty)) => Some((file, file_differences(schema, ty, types))),
        // Compared once, for all that share it.
        (_, _, Output::Shared(_)) => None,
    };
    let of_files = input.into_iter().chain(output);
    let errors = of_files.flat_map(|(file, found)| {
        found.into_iter().map(move |(pointer, what)| {
            Error::new(ErrorKind::SecondOpinion, what).of(one.id.as_str(), file.as_str()).at(pointer)
        })
    });
    errors.collect()
}

fn file_differences(schema: &Schema, ty: &Ty, types: &[Type]) -> Vec<(String, String)> {
    let theirs = theirs::read(&schema.to_full_json());
    let mut found = reading::differences(&schema.pointer, &ours::read(ty, types), &theirs.reading);
    let unread: BTreeSet<String> = theirs.unread.iter().map(|(key, _)| reading::place(&schema.pointer, key)).collect();
    found.retain(|(pointer, _)| !unread.contains(pointer));
    found.extend(theirs.unread.into_iter().map(|(key, why)| (reading::place(&schema.pointer, &key), why)));
    found
}

/// The differences that no line of `[accept]` accepts. A line that accepts nothing is an error.
fn unaccepted(one: &Understood, found: Vec<Error>, errors: &mut Errors) -> Errors {
    let name = |error: &Error| format!("{}#{}", error.file.rsplit('/').next().unwrap_or_default(), error.place);
    let places: BTreeSet<String> = found.iter().map(name).collect();
    for entry in one.accepted.difference(&places) {
        let file = one.overrides.clone();
        errors.push(
            unused("[accept] second_opinion", entry, places.iter().map(String::as_str)).of(one.id.as_str(), file),
        );
    }
    let mut left = Errors::default();
    for error in found.into_iter().filter(|error| !one.accepted.contains(&name(error))) {
        let line = format!("[accept]\nsecond_opinion = [{:?}]", name(&error));
        left.push(error.help(format!(
            "look at the schema; if our reading is right, write into the model's overrides.toml:\n{line}"
        )));
    }
    left
}
