//! What went wrong, for people and programs: what, where, what helps, and the exit code. Must not know which command failed.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use runcomfy_client::{Error as CallError, InvalidInput, Json};
use runcomfy_live::Error as LiveError;
use runcomfy_runner::Error as StoreError;
use serde_json::json;

/// Why a program ends without what it was asked for: `sysexits.h`, as RunComfy's own program has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The arguments.
    Usage = 64,
    /// The input, or a file of it.
    Input = 65,
    /// The server, the store, or how a job ended.
    Server = 69,
    /// It may be done again: nothing is done twice.
    Again = 75,
    /// Nobody is signed in.
    SignIn = 77,
}

/// What went wrong.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    what: String,
    place: Option<String>,
    remedy: Option<String>,
    violations: Vec<Json>,
}

impl Failure {
    /// What went wrong, in a line or a few.
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), place: None, remedy: None, violations: Vec::new() }
    }

    /// Where.
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Where: a file.
    pub(crate) fn at_path(self, path: &Path) -> Self {
        self.at(path.display().to_string())
    }

    /// What helps.
    pub(crate) fn help(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// An input that breaks its schema, with all that is wrong.
    pub(crate) fn invalid(model: &str, invalid: &InvalidInput) -> Self {
        let violations = invalid.iter().map(|violation| {
            json!({
                "field": violation.name(),
                "wire_key": violation.wire_key(),
                "wire_pointer": violation.wire_pointer(),
                "kind": format!("{:?}", violation.kind()),
                "given": violation.given(),
                "allowed": violation.allowed(),
                "hint": violation.hint(),
                "text": violation.to_string(),
            })
        });
        Self {
            violations: violations.collect(),
            ..Self::new(Exit::Input, invalid.to_string())
                .at(model)
                .help(format!("`runcomfyctl show {model}` lists the fields; nothing was sent"))
        }
    }

    /// What went wrong, without where and what helps.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// For programs.
    pub(crate) fn json(&self) -> Json {
        let mut error = json!({"exit": self.exit as u8, "what": self.what});
        for (name, text) in [("where", &self.place), ("remedy", &self.remedy)] {
            if let Some(text) = text {
                error[name] = text.as_str().into();
            }
        }
        if !self.violations.is_empty() {
            error["violations"] = self.violations.clone().into();
        }
        json!({"error": error})
    }

    /// For language models, who pay for each word: at most so many violations, how many more there are, no long texts, and no
    /// commands, for they have none.
    pub(crate) fn briefly(mut self, most: usize) -> Json {
        let more = self.violations.len().saturating_sub(most);
        self.violations.truncate(most);
        if more > 0 {
            self.what = format!("{} things are wrong with the input, these among them", most + more);
        }
        // Commands are for people.
        self.remedy = self.remedy.filter(|remedy| !remedy.contains("runcomfyctl "));
        let mut json = self.json();
        shorten(&mut json);
        json
    }

    /// For people, as cargo has its errors, with colours that a stream without them drops.
    pub(crate) fn text(&self) -> String {
        let (red, blue, cyan) = (bold(AnsiColor::Red), bold(AnsiColor::Blue), bold(AnsiColor::Cyan));
        let mut text = format!("{red}error{red:#}: {}\n", self.what);
        if let Some(place) = &self.place {
            _ = writeln!(text, "  {blue}-->{blue:#} {place}");
        }
        if let Some(remedy) = &self.remedy {
            _ = writeln!(text, "{cyan}help{cyan:#}: {remedy}");
        }
        text
    }
}

/// Cuts long texts.
fn shorten(json: &mut Json) {
    match json {
        Json::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(1_000) {
                text.truncate(end);
                text.push('…');
            }
        }
        Json::Array(items) => items.iter_mut().for_each(shorten),
        Json::Object(map) => map.values_mut().for_each(shorten),
        _ => {}
    }
}

/// What somebody wrote, said back: the beginning tells which it was.
pub(crate) fn brief(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn bold(color: AnsiColor) -> Style {
    color.on_default().bold()
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        let exit = match &error {
            error if error.is_auth() => Exit::SignIn,
            CallError::InvalidInput(_) => Exit::Input,
            CallError::Config(_) => Exit::Usage,
            error if error.is_retryable() => Exit::Again,
            _ => Exit::Server,
        };
        let failure = Self::new(exit, error.to_string());
        match exit {
            Exit::SignIn => failure.help("with --emulator no account is needed"),
            Exit::Again => failure.help("nothing was done; the same command may be given again"),
            _ => failure,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(what) => Self::new(Exit::Input, what),
            StoreError::Open { place, reason } => Self::new(Exit::Server, reason)
                .at(place)
                .help("give another place with --database or RUNCOMFY_DATABASE: sqlite://FILE or postgres://HOST/NAME"),
            StoreError::MovedOn { .. } => Self::new(Exit::Again, error.to_string()),
            other => Self::new(Exit::Server, other.to_string()),
        }
    }
}

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Client(error) => error.into(),
            LiveError::UnknownModel { .. } | LiveError::Folder { .. } => Self::new(Exit::Usage, error.to_string()),
            other => Self::new(Exit::Server, other.to_string()),
        }
    }
}
