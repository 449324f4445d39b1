//! `import` and `sync`: what is taken over into a schema folder; a page or a response in, files and what changed out. Where a
//! response comes from, and which folder is meant, its callers know.

use std::path::{Path, PathBuf};

use clap::Args;
use glob::Pattern;
use toml::value::Datetime;

use super::{Answer, existing_folder, input};
use crate::diff::Version;
use crate::manifest::Date;
use crate::sync::{self, Response, SecondHand};
use crate::{Error, Errors, fs, import};

/// What is imported.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ImportArgs {
    /// The saved page, or `-` for standard input; at most 16 MiB
    #[arg(value_name = "FILE|-")]
    pub page: PathBuf,
    /// Take facts only, as `sync` does: descriptions, titles and samples, which are somebody's sentences, are left out
    #[arg(long)]
    pub facts_only: bool,
    /// The day to note as the day of the change, instead of today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD", hide = true, value_parser = date)]
    pub date: Option<Date>,
}

/// What is synced, and how.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct SyncFlags {
    /// Only models whose ids match, such as `community/**`; `*` matches over `/`, too
    #[arg(long, value_name = "GLOB", value_parser = Pattern::new)]
    pub only: Option<Pattern>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take facts only: descriptions, notes, titles and samples, which are somebody's sentences, are left out
    ///
    /// What stays: ids, names, keys, types, formats, values, bounds, what is required, and defaults that are numbers, switches or
    /// listed values. A name or a value that may be a sentence can't be left out: it stops its model, with the line for
    /// overrides.toml that takes it. A later sync without the flag brings the sentences and moves no name.
    #[arg(long)]
    pub facts_only: bool,
    /// A saved response came by way of somebody who changed it: a TOML file of what they are known to have changed, which is
    /// undone, or noted in model.toml where it can't be
    #[arg(long, value_name = "FILE", requires = "from")]
    pub second_hand: Option<PathBuf>,
    /// The day to note as the day of a change, instead of today (UTC)
    #[arg(long, value_name = "YYYY-MM-DD", hide = true, value_parser = date)]
    pub date: Option<Date>,
}

/// The crate that a schema folder is for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The version that the suggestion for the next one starts from.
    pub released: Version,
    /// Whether it is published, and can't have any number of features.
    pub is_published: bool,
    /// The command that generates it, for messages.
    pub generate: &'static str,
}

impl SyncFlags {
    /// The same for a schema folder that is for a crate.
    #[must_use]
    pub fn options(&self, target: Target) -> sync::Options {
        let Target { released, is_published, generate } = target;
        sync::Options {
            only: self.only.clone(),
            dry_run: self.dry_run,
            facts_only: self.facts_only,
            today: self.date.unwrap_or_else(today),
            released,
            is_published,
            generate,
        }
    }
}

/// Imports a saved page into the schema folder.
///
/// # Errors
/// What is wrong with the page or the folder; then nothing was changed.
pub fn import(args: &ImportArgs, schemas: &Path) -> Result<Answer, Errors> {
    existing_folder("--schemas", schemas)?;
    let (name, text) = input(&args.page)?;
    let _held = fs::hold(schemas)?;
    let mut page = import::read_page(&name, &text)?;
    if args.facts_only {
        page.keep_facts();
    }
    let fail = |error: Error| if error.file.is_empty() { Error { file: name.clone(), ..error } } else { error };
    let out = import::update(&page, schemas, args.date.unwrap_or_else(today)).map_err(|errors| errors.map(fail))?;
    Ok(Answer::done(out))
}

/// Reads a saved response of the catalogue, and undoes what is known to have been changed on its way.
///
/// # Errors
/// What keeps all of it from being read.
pub fn saved_response(file: &Path, flags: &SyncFlags) -> Result<Response, Errors> {
    let (name, text) = input(file)?;
    let mut response = sync::response::read(&name, &text)?;
    if let Some(file) = &flags.second_hand {
        let (name, text) = input(file)?;
        SecondHand::read(&name, &text)?.undo(&mut response, &name)?;
    }
    Ok(response)
}

/// Today, in UTC: every maintainer's clock gives the same day.
fn today() -> Date {
    let now = time::OffsetDateTime::now_utc();
    Date { year: u16::try_from(now.year()).unwrap_or_default(), month: now.month().into(), day: now.day() }
}

/// A day of the calendar, without a time.
fn date(text: &str) -> Result<Date, String> {
    let parsed: Option<Datetime> = text.parse().ok();
    match parsed {
        Some(Datetime { date: Some(date), time: None, offset: None }) => Ok(date),
        _ => Err("give a day, such as 2026-01-31".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        assert_eq!(date("2026-11-22").map(|date| date.to_string()), Ok("2026-11-22".to_owned()));
        for text in ["2026-02-30", "2026-11-22T10:00:00", "today", "10:00:00"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
