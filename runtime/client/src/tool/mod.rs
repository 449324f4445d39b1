//! Models as tools of language models. In: a model, compiled or live, and a host's dialect. Out: a tool that the host takes, and
//! the way from its arguments back to an input. Needs the feature `schemars`.
//!
//! ```
//! # fn example(model: &runcomfy_client::ModelInfo, call: serde_json::Value) -> Result<(), Box<dyn std::error::Error>> {
//! use runcomfy_client::tool::Dialect;
//!
//! let tool = model.tool(Dialect::OpenAiStrict)?;
//! // … `tool.name`, `tool.description` and `tool.schema` go to the host; the arguments of a call come back:
//! let wire = model.to_wire(&tool.read(&call))?;
//! # let _ = wire;
//! # Ok(())
//! # }
//! ```
//!
//! Hosts take subsets of JSON Schema, and some drop a tool, or all tools of a request, for one keyword outside theirs. So:
//!
//! - What a dialect can't say is said in the description, listed in [`Tool::dropped`], and checked nevertheless, by the model.
//!   Examples are listed only: they are samples from the playground.
//! - A dialect takes all that the schema takes, with one exception, which is listed: [`Dialect::OpenAiStrict`] has no objects with
//!   names beyond the listed ones.
//! - A value that a dialect can't describe, such as a map, is asked for as JSON text, and [`Tool::read`] reads it.
//! - Objects that hold themselves are opened twice; what is deeper may be anything.
//!
//! | | published | `Anthropic` | `OpenAiStrict` | `Gemini` | `Common` |
//! |---|---|---|---|---|---|
//! | optional property | left out | left out | null | left out or null | left out |
//! | value that may be null | type `null` | type `null` | type `null` | `nullable` | left out |
//! | any value | any | any | JSON text | JSON text | JSON text |
//!
//! The rules are data, with their date: [`AS_OF`].

mod apart;
mod gather;
mod keywords;
mod limits;
mod name;
mod object;
mod plain;
mod read;
mod reduce;
mod rules;
mod texts;
mod union;
mod wide;
mod words;

use std::fmt;

use serde_json::{Map, json};

pub use self::rules::AS_OF;

use self::gather::gather;
use self::read::Plan;
use self::reduce::{At, Reducer};
use self::rules::Rules;
use self::words::described;
use crate::{Json, Modality, ModelInfo};

/// How a value is asked for that a dialect can't describe.
const JSON_TEXT: &str = "give it as JSON text";

/// What a host takes as the schema of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// All of JSON Schema 2020-12, as [`ModelInfo::json_schema`] gives it.
    Full,
    /// Custom tools of Anthropic's Messages API, and MCP hosts that hand tools on to it.
    Anthropic,
    /// OpenAI's function tools with `strict: true`.
    OpenAiStrict,
    /// `parameters` of Gemini's function declarations.
    Gemini,
    /// What all of them take, OpenAI without `strict`.
    Common,
}

impl Dialect {
    /// All dialects.
    pub const ALL: [Self; 5] = [Self::Full, Self::Anthropic, Self::OpenAiStrict, Self::Gemini, Self::Common];

    fn rules(self) -> Option<&'static Rules> {
        match self {
            Self::Full => None,
            Self::Anthropic => Some(&rules::ANTHROPIC),
            Self::OpenAiStrict => Some(&rules::OPENAI_STRICT),
            Self::Gemini => Some(&rules::GEMINI),
            Self::Common => Some(&rules::COMMON),
        }
    }
}

/// A model as a tool, in one dialect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tool {
    /// The name: 1 to 64 of letters, digits, `_` and `-`; always the same for a model, and no other model's.
    pub name: String,
    /// What the model does, what its use costs in words, and what the schema can't say of the whole input; of that as much
    /// as the host has room for.
    pub description: String,
    /// The schema of the arguments.
    pub schema: Json,
    /// What the dialect can't say. [`ModelInfo::check`] enforces it.
    pub dropped: Vec<Dropped>,
    plan: Plan,
}

/// A keyword that a dialect can't say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The field, as in `loras[].scale`; empty for the whole input.
    pub field: String,
    /// The keyword of JSON Schema; `any` where the value may be anything, `false` for a name that is refused.
    pub keyword: String,
    /// What it says, in words.
    pub words: String,
}

/// Why a model is no tool of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ToolError {
    /// Its schema is larger than the host takes.
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many the host takes.
        allowed: usize,
    },
    /// Two of its fields have names that the host can't tell apart.
    Names,
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { what, found, allowed } => {
                write!(f, "the schema has {found} {what}, the host takes {allowed}: offer the model in another dialect")
            }
            Self::Names => {
                f.write_str("two fields have names that the host can't tell apart: offer the model in another dialect")
            }
        }
    }
}

impl std::error::Error for ToolError {}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = if self.field.is_empty() { "the input" } else { &self.field };
        write!(f, "{field}: {}", self.words)
    }
}

impl Tool {
    /// The input, with readable names, of arguments as a language model sends them, unchecked. Undoes what the dialect made of
    /// the schema: null for an optional field means that it is left out (but in `Full`, and in `Anthropic` where the field may
    /// be null), JSON text is read, and properties get their own names. Arguments that are JSON text as a whole are read too.
    #[must_use]
    pub fn read(&self, arguments: &Json) -> Json {
        match arguments.as_str().and_then(|text| serde_json::from_str(text).ok()) {
            Some(read) => self.plan.read(&read),
            None => self.plan.read(arguments),
        }
    }
}

impl ModelInfo {
    /// The model as a tool of a language model, in the dialect of its host.
    ///
    /// # Errors
    /// [`ToolError::TooLarge`] if the host's limits don't hold, [`ToolError::Names`] if two fields can't be told apart.
    pub fn tool(&self, dialect: Dialect) -> Result<Tool, ToolError> {
        let (schema, plan, dropped, said) = match dialect.rules() {
            None => (self.json_schema(), Plan::Same, Vec::new(), Vec::new()),
            Some(rules) => reduced(&self.json_schema(), rules)?,
        };
        let most = dialect.rules().and_then(|rules| rules.description).unwrap_or(usize::MAX);
        let description = words::within(&described(&about(self), &said), most);
        Ok(Tool { name: name::tool_name(self.id), description, schema, dropped, plan })
    }
}

/// The schema of a tool's arguments, the way back, what it can't say, and that in words.
type Reduced = (Json, Plan, Vec<Dropped>, Vec<String>);

fn reduced(document: &Json, rules: &'static Rules) -> Result<Reduced, ToolError> {
    let mut reducer = Reducer { document, rules, dropped: Vec::new(), looked_at: 0 };
    let mut said = Vec::new();
    let mut found = gather(document, document, &[]).unwrap_or_default();
    found.keywords = reducer.one_object(found.keywords, &found.followed, &mut said, 0);
    let (keywords, at) = (&mut found.keywords, At::root());
    for text in ["title", "description", "default", "examples"] {
        keywords.remove(text);
    }
    for (keyword, words) in wide::beside(&std::mem::take(&mut found.beside)) {
        reducer.note(&keyword, &words, &at);
        said.push(words);
    }
    keywords.insert("type".to_owned(), "object".into());
    let (mut schema, plan) = if rules.has_any {
        let made = reducer.opened(found, &at);
        (made.schema, made.plan)
    } else {
        let form = reducer.whole(found, &at, &mut said).ok_or(ToolError::Names)?;
        (form.schema, form.plan)
    };
    if let Some(Json::String(description)) = schema.remove("description") {
        said.push(description);
    }
    schema.entry("properties").or_insert_with(|| Map::new().into());
    if rules.closed {
        schema.entry("required").or_insert_with(|| json!([]));
    }
    let schema = Json::Object(schema);
    if schema["type"] != "object" {
        return Err(ToolError::Names);
    }
    if let Some(limits) = rules.limits {
        limits::hold(&schema, limits)?;
    }
    Ok((schema, plan, reducer.dropped, said))
}

/// What a model does, for who chooses among tools.
fn about(model: &ModelInfo) -> String {
    let list = |all: &[Modality]| all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    let mut text = format!("{} ({}): {}", model.display_name, model.id, model.capability);
    for (verb, all) in [("takes", model.takes), ("gives", model.gives)] {
        if !all.is_empty() {
            text += &format!("; {verb} {}", list(all));
        }
    }
    text += ". Each run is paid";
    if let Some(price) = model.price {
        text += &format!(", from {price}");
    }
    text + "."
}
