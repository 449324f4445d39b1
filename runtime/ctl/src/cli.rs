//! The arguments that every call has in common, as data for clap. Must not do anything.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;
use runcomfy_client::Modality;
use runcomfy_client::tool::Dialect;
use runcomfy_runner::{State, Usd};

use crate::command;

/// RunComfy from a terminal: every model by readable names, checked before it is paid, within a budget
#[derive(Debug, Parser)]
#[command(name = "runcomfyctl", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) shared: Shared,
    /// What to do.
    #[command(subcommand)]
    pub(crate) what: What,
}

/// What holds for every command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Shared {
    /// Print JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Start an emulator inside and use it: no account, no money, a store of its own
    #[arg(long, global = true)]
    pub(crate) emulator: bool,
    /// A folder of schemas, for models of your own; the emulator serves it
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) schemas: Option<PathBuf>,
    /// Where the API is, RunComfy's by default
    #[arg(long, global = true, value_name = "URL", env = "RUNCOMFY_MODEL_API_BASE", hide_env_values = true)]
    pub(crate) base_url: Option<String>,
    /// Where jobs are kept: sqlite://FILE or postgres://HOST/NAME
    #[arg(long, global = true, value_name = "URL", env = "RUNCOMFY_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Whose jobs of the store: mcp has those of language models
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) label: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// Find models
    Models(Models),
    /// Show a model: its fields, their ranges, its price, an example
    Show {
        /// The model, as in community/wan-2-2/vace-fun; its last part is enough where it is the only one
        #[arg(add = ids())]
        model: String,
    },
    /// Print the JSON Schema of a model's input
    Schema {
        /// The model
        #[arg(add = ids())]
        model: String,
        /// What the reader of the schema takes
        #[arg(long, value_enum, default_value_t)]
        dialect: DialectName,
    },
    /// Check an input: all that is wrong with it, free of charge
    Check(Check),
    /// Run one job and save its files; killed and started again, it goes on
    Run(Run),
    /// Thousands of jobs within a budget: from a file, through a store, by workers anywhere
    #[command(subcommand)]
    Batch(BatchWhat),
    /// Work on the jobs of all batches until there is nothing left to do
    Work(Work),
    /// Serve the models to a language model over stdio (MCP), within a budget
    Mcp(Mcp),
}

/// Find models.
#[derive(Debug, Args)]
pub(crate) struct Models {
    /// Words that all describe it, such as: image to video 1080p
    pub(crate) words: Vec<String>,
    /// Only models that make this
    #[arg(long, value_name = "WHAT", value_parser = modality)]
    pub(crate) gives: Option<Modality>,
    /// Only models that an input of may have this
    #[arg(long, value_name = "WHAT", value_parser = modality)]
    pub(crate) takes: Option<Modality>,
    /// Ask the server which models there are by now, and keep its answer
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// Check an input.
#[derive(Debug, Args)]
#[command(after_help = "runcomfyctl check MODEL --help lists the flags of a model's input")]
pub(crate) struct Check {
    /// The model
    #[arg(add = ids())]
    pub(crate) model: String,
    /// JSON with readable names; - is the standard input
    pub(crate) file: Option<PathBuf>,
}

/// Run one job.
#[derive(Debug, Args)]
#[command(after_help = "runcomfyctl run MODEL --help lists the flags of a model's input")]
pub(crate) struct Run {
    /// The model
    #[arg(add = ids())]
    pub(crate) model: String,
    /// JSON with readable names, to which flags add; - is the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The most that the job may cost, in US dollars
    #[arg(long, value_name = "USD", value_parser = more_than_nothing)]
    pub(crate) budget_usd: Option<Usd>,
    /// The folder for its files
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
}

/// Serve the models to a language model.
#[derive(Debug, Args)]
pub(crate) struct Mcp {
    /// The most that all its jobs of a day (UTC) may cost, in US dollars; 0: quotes only
    #[arg(long, value_name = "USD", default_value = "0")]
    pub(crate) budget_usd: Usd,
    /// What is reserved for each job, and the most that one may cost, in US dollars
    #[arg(long, value_name = "USD")]
    pub(crate) per_job_usd: Option<Usd>,
    /// The folder whose files may go in; without it none may
    #[arg(long, value_name = "DIR")]
    pub(crate) files: Option<PathBuf>,
    /// The folder where files come out
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// What the host takes as the schema of an input
    #[arg(long, value_enum, default_value = "anthropic")]
    pub(crate) dialect: DialectName,
    /// For how long a quote holds, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub(crate) quote_seconds: u32,
}

/// What to do with batches.
#[derive(Debug, Subcommand)]
pub(crate) enum BatchWhat {
    /// Add the jobs of a file, all or none; a job that is there already is not added again
    Add(Add),
    /// Work on one batch until there is nothing left to do
    Run {
        /// The batch
        name: String,
        /// How it is worked on.
        #[command(flatten)]
        work: Work,
    },
    /// Tell how batches stand: jobs, money, what waits for a person
    Status {
        /// The batch, all by default
        name: Option<String>,
    },
    /// List the jobs that wait for a person, or decide about one
    Resolve(Decision),
    /// Let all held jobs of a batch be submitted
    Release {
        /// The batch
        name: String,
    },
    /// List what was charged beside the jobs of the store: ids that came when a job could not take them any more
    Strays,
    /// List what has no known cost, or write what you read on your bill, a day after its end
    Settle {
        /// The request as it was listed
        #[arg(value_name = "REQUEST_ID", requires = "cost_usd")]
        request: Option<String>,
        /// What it cost, in US dollars
        #[arg(long, value_name = "USD", requires = "request")]
        cost_usd: Option<Usd>,
    },
    /// Say that the store was restored from a backup, before any worker starts: what is queued is held until you look
    Restored,
    /// Let a batch go on that paused, and make jobs again that ended badly
    Retry {
        /// The batch
        name: String,
        /// Jobs in this state: refused, failed or cancelled
        #[arg(long, value_name = "STATE", value_parser = ended_badly)]
        state: Option<State>,
        /// Also those that have cost something
        #[arg(long)]
        pay_again: bool,
    },
    /// Write all that is known of a batch's jobs: inputs, requests, costs, files
    Export(Export),
}

/// Add the jobs of a file.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Lines of JSON such as {"model": …, "input": {…}, "key": …}, or CSV with the names of fields
    pub(crate) file: PathBuf,
    /// The batch
    #[arg(long, default_value = "jobs", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) name: String,
    /// The model of lines that name none
    #[arg(long, add = ids())]
    pub(crate) model: Option<String>,
    /// The most that one job costs, in US dollars; what is published is the price of one unit
    #[arg(long, value_name = "USD", value_parser = more_than_nothing)]
    pub(crate) per_job_usd: Option<Usd>,
    /// The most that the batch may cost, in US dollars
    #[arg(long, value_name = "USD")]
    pub(crate) budget_usd: Option<Usd>,
}

/// How jobs are worked on.
#[derive(Debug, Args)]
pub(crate) struct Work {
    /// How many jobs are under way at any time
    #[arg(long, value_name = "JOBS", default_value = "8", value_parser = some)]
    pub(crate) at_once: usize,
    /// The folder for files, with one in it for each batch
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// A folder on a disk of this machine, for a store on a server
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

/// A person's decision about a job.
#[derive(Debug, Args)]
#[group(id = "word", multiple = false, requires = "job")]
pub(crate) struct Word {
    /// It is this request in the account: it is followed from now on
    #[arg(long, value_name = "REQUEST_ID")]
    pub(crate) is: Option<String>,
    /// It is not in the account, and the program that sent it has ended: it is queued again
    #[arg(long)]
    pub(crate) was_not_submitted: bool,
    /// Nobody will ever know: what is reserved counts as spent
    #[arg(long)]
    pub(crate) give_up: bool,
    /// It may be submitted: it was held until a person looked
    #[arg(long)]
    pub(crate) release: bool,
}

/// List the jobs that wait for a person, or decide about one.
#[derive(Debug, Args)]
pub(crate) struct Decision {
    /// The job as it was listed, such as 17@3: if it has moved on since, nothing happens
    #[arg(value_parser = seen, requires = "word")]
    pub(crate) job: Option<(i64, i64)>,
    /// What is decided.
    #[command(flatten)]
    pub(crate) word: Word,
}

/// Write all that is known of a batch's jobs.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The batch
    pub(crate) name: String,
    /// How
    #[arg(long, value_enum, default_value = "jsonl")]
    pub(crate) format: Format,
    /// The file, which must not be there; the standard output by default
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

/// How jobs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line of JSON for each job
    Jsonl,
    /// A row for each job
    Csv,
}

fn ended_badly(text: &str) -> Result<State, String> {
    let all = [State::Refused, State::Failed, State::Cancelled];
    all.into_iter().find(|state| state.as_str() == text).ok_or_else(|| "refused, failed or cancelled".to_owned())
}

/// Money that pays for something.
fn more_than_nothing(text: &str) -> Result<Usd, String> {
    match text.parse::<Usd>() {
        Ok(amount) if amount > Usd::ZERO => Ok(amount),
        Ok(_) => Err("that pays for no job; --emulator runs one for nothing".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn some(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "a number from 1".to_owned())
}

/// A job and the epoch in which it was seen.
fn seen(text: &str) -> Result<(i64, i64), String> {
    let parts = text.split_once('@').and_then(|(job, epoch)| Some((job.parse().ok()?, epoch.parse().ok()?)));
    parts.ok_or_else(|| "a job as `batch resolve` lists it, such as 17@3".to_owned())
}

/// What the reader of a schema takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectName {
    /// JSON Schema 2020-12, for editors and programs
    #[default]
    Full,
    /// Tools of Anthropic's Messages API and of MCP hosts
    Anthropic,
    /// OpenAI's function tools with strict: true
    OpenaiStrict,
    /// Gemini's function declarations
    Gemini,
    /// What all of them take
    Common,
}

impl From<DialectName> for Dialect {
    fn from(name: DialectName) -> Self {
        match name {
            DialectName::Full => Self::Full,
            DialectName::Anthropic => Self::Anthropic,
            DialectName::OpenaiStrict => Self::OpenAiStrict,
            DialectName::Gemini => Self::Gemini,
            DialectName::Common => Self::Common,
        }
    }
}

/// What completions offer for a model.
fn ids() -> ArgValueCandidates {
    ArgValueCandidates::new(command::ids_to_complete)
}

fn modality(text: &str) -> Result<Modality, String> {
    let all = Modality::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| format!("one of {all}"))
}
