//! `model.toml`: what is known of a model besides its schemas. Text in, a [`Manifest`] out, and back.
//!
//! The file is written by `import` and `sync`; only its `[price]` is meant to be edited by hand. It has no place for
//! other keys, so that a misspelt one is an error, and comments do not survive the next change. Knows no clock: whoever
//! changes a model brings the date.

use serde::{Deserialize, Serialize};
use toml::Value;
pub use toml::value::Date;

use crate::ir::Media;
use crate::{Error, ErrorKind, ModelId, SourceFile};

/// The content of a `model.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The id, which is also the folder.
    pub id: ModelId,
    /// The name people see, such as `Wan 2.2 VACE Fun: Image to Video`.
    pub display_name: String,
    /// The address of its page, where the catalogue tells it.
    pub page: Option<String>,
    /// Where the schemas were read.
    pub source: Source,
    /// By way of whom, if RunComfy did not answer itself.
    pub via: Option<Via>,
    /// Whether the sentences that are published for it are in its schemas.
    pub texts: Texts,
    /// Where the output schema comes from.
    pub output: OutputSource,
    /// What it makes, as far as its categories or its id say.
    pub gives: Vec<Media>,
    /// Inputs that it has or may have, and that its schema lacks, since whoever passed it on took them out.
    pub incomplete: Vec<String>,
    /// The day on which a file of the model last changed, in UTC.
    pub updated: Date,
    /// The day on which the catalogue stopped listing it. Nothing is generated for such a model; its lock keeps its names
    /// for the day it comes back.
    pub removed: Option<Date>,
    /// What RunComfy says about the price, if known.
    pub price: Option<Price>,
}

/// Where a model's schemas were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Source {
    /// A saved model page.
    Page,
    /// The catalogue of the API.
    Catalogue,
}

impl Source {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Catalogue => "catalogue",
        }
    }
}

/// By way of whom a model's schemas came, and of which day they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// In words: `RunComfy's public ComfyUI node package`.
    pub whom: String,
    /// The day on which they read the catalogue.
    pub as_of: Date,
}

/// What became of the sentences that are published for a model: descriptions, notes, samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Texts {
    /// They are in its schemas.
    #[default]
    Published,
    /// They were left out by `sync --facts-only`.
    Omitted,
}

/// Where a model's output schema comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum OutputSource {
    /// Its page publishes it.
    #[default]
    Published,
    /// The catalogue publishes none; what most models answer is assumed.
    Assumed,
}

/// A published base price. It is a fact about the model, not a quote for a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// US dollars per unit; finite and not negative.
    pub base_usd: f64,
    /// What is counted: `output`, `second`.
    pub unit: String,
    /// What RunComfy adds in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The remedy for a file that is not what it should be.
const KEYS: &str = "\
the keys are `id`, `display_name`, `source` (\"page\" or \"catalogue\"), `updated` (2026-01-31) and, optional, `page` (a
URL), `via` and `as_of` (2026-01-31), `texts` (\"omitted\"), `output` (\"assumed\"), `gives` ([\"image\", \"video\",
\"audio\"]), `incomplete` (names of inputs), `removed` (2026-01-31) and a table `[price]` with `base_usd`, `unit` and, optional,
`note`";

/// The file as TOML has it, before the id is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    display_name: String,
    page: Option<String>,
    source: Source,
    via: Option<String>,
    as_of: Option<Date>,
    #[serde(default)]
    texts: Texts,
    #[serde(default)]
    output: OutputSource,
    #[serde(default)]
    gives: Vec<Media>,
    #[serde(default)]
    incomplete: Vec<String>,
    updated: Date,
    removed: Option<Date>,
    price: Option<Price>,
}

impl Manifest {
    /// Reads a `model.toml`; `file.path` is relative to the schema folder.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`], with line and column, if the text is not TOML, lacks a key, has one that is not known or of
    /// the wrong type, or if the price is not a number a price can be; [`ErrorKind::ModelId`] if the id is not valid or
    /// is not the folder the file is in.
    pub fn parse(file: &SourceFile) -> Result<Self, Error> {
        let folder = file.path.strip_suffix("/model.toml").unwrap_or_default();
        let raw: Raw = toml::from_str(&file.text).map_err(|error| {
            Error::new(ErrorKind::Toml, format!("model.toml can't be read: {}", error.message()))
                .of(folder, &file.path)
                .at(error.span().map(|span| place(&file.text, span.start)).unwrap_or_default())
                .help(KEYS)
        })?;
        let id = ModelId::parse(&raw.id).map_err(|error| error.of(folder, &file.path))?;
        if id.as_str() != folder {
            return Err(Error::new(ErrorKind::ModelId, format!("the id is `{id}`, but the folder is `{folder}`"))
                .of(folder, &file.path)
                .help("move the folder or correct the id: they must be the same, upper and lower case included"));
        }
        if let Some(price) = &raw.price
            && !(price.base_usd.is_finite() && price.base_usd >= 0.0)
        {
            return Err(Error::new(ErrorKind::Toml, format!("base_usd is {}, which is no price", price.base_usd))
                .of(folder, &file.path)
                .help("give US dollars per unit, or leave `[price]` out"));
        }
        let via = match (raw.via, raw.as_of) {
            (None, None) => None,
            (Some(whom), Some(as_of)) => Some(Via { whom, as_of }),
            _ => {
                let error =
                    Error::new(ErrorKind::Toml, "`via` and `as_of` stand together: by way of whom, and of which day");
                return Err(error.of(folder, &file.path).help("add the other one, or remove both"));
            }
        };
        let Raw { display_name, page, source, texts, output, gives, incomplete, updated, removed, price, .. } = raw;
        Ok(Self { id, display_name, page, source, via, texts, output, gives, incomplete, updated, removed, price })
    }

    /// The text of the file; [`Manifest::parse`] reads it back.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!(
            "id = {}\ndisplay_name = {}\n{}source = \"{}\"\n",
            quoted(self.id.as_str()),
            quoted(&self.display_name),
            self.page.as_ref().map(|page| format!("page = {}\n", quoted(page))).unwrap_or_default(),
            self.source.as_str(),
        );
        if let Some(Via { whom, as_of }) = &self.via {
            text += &format!("via = {}\nas_of = {as_of}\n", quoted(whom));
        }
        if self.texts == Texts::Omitted {
            text += "texts = \"omitted\"\n";
        }
        if self.output == OutputSource::Assumed {
            text += "output = \"assumed\"\n";
        }
        if !self.gives.is_empty() {
            text += &format!("gives = {}\n", list(self.gives.iter().map(|medium| medium.word())));
        }
        if !self.incomplete.is_empty() {
            text += &format!("incomplete = {}\n", list(self.incomplete.iter().map(String::as_str)));
        }
        text += &format!("updated = {}\n", self.updated);
        if let Some(removed) = self.removed {
            text += &format!("removed = {removed}\n");
        }
        if let Some(price) = &self.price {
            text +=
                &format!("\n[price]\nbase_usd = {}\nunit = {}\n", Value::Float(price.base_usd), quoted(&price.unit));
            if let Some(note) = &price.note {
                text += &format!("note = {}\n", quoted(note));
            }
        }
        text
    }
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> Value {
    Value::Array(texts.map(quoted).collect())
}

fn quoted(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// Line and column of a byte offset, both from 1; columns count characters.
fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEED: &str =
        "id = \"community/wan-2-2/vace-fun\"\ndisplay_name = \"Wan 2.2\"\nsource = \"page\"\nupdated = 2026-11-22\n";

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "community/wan-2-2/vace-fun/model.toml".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_is_rendered_is_what_was_read() {
        let priced = format!("{SEED}\n[price]\nbase_usd = 0.05\nunit = \"second\"\nnote = \"at 720p\"\n");
        let removed = SEED.replace("updated", "output = \"assumed\"\nupdated") + "removed = 2026-12-01\n";
        let facts = SEED.replace(
            "updated",
            "via = \"a package\"\nas_of = 2026-09-23\ntexts = \"omitted\"\noutput = \"assumed\"\ngives = [\"image\", \"video\"]\n\
             incomplete = [\"shots\"]\nupdated",
        );
        for text in [SEED, &priced, &removed, &facts] {
            assert_eq!(Manifest::parse(&file(text)).expect("valid").render(), text);
        }
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let error =
            Manifest::parse(&file(&format!("{SEED}[price]\nbase_usd = 1\nunti = \"second\"\n"))).expect_err("unti");
        assert!(error.message.contains("unti"), "{error}");
        assert_eq!(error.place, "line 7, column 1");
        assert!(error.help.contains("`unit`"));
    }

    #[test]
    fn by_way_of_whom_and_of_which_day_stand_together() {
        for half in ["via = \"a package\"\n", "as_of = 2026-09-23\n"] {
            let error = Manifest::parse(&file(&format!("{SEED}{half}"))).expect_err("half");
            assert!(error.message.contains("stand together"), "{error}");
        }
    }

    #[test]
    fn a_folder_that_is_not_the_id_is_refused() {
        let error = Manifest::parse(&file(&SEED.replace("vace-fun", "Vace-Fun"))).expect_err("other folder");
        assert_eq!(error.kind, ErrorKind::ModelId);
        assert!(Manifest::parse(&file(&SEED.replace("community/", "../"))).is_err());
    }

    #[test]
    fn a_price_that_is_no_number_is_refused() {
        for price in ["nan", "inf", "-0.01"] {
            let text = format!("{SEED}[price]\nbase_usd = {price}\nunit = \"second\"\n");
            assert!(Manifest::parse(&file(&text)).is_err(), "{price}");
        }
    }

    proptest! {
        #[test]
        fn any_name_and_price_come_back(name in any::<String>(), base_usd in 0.0..1e9, note in any::<Option<String>>()) {
            let mut manifest = Manifest::parse(&file(SEED)).expect("valid");
            manifest.display_name = name;
            manifest.price = Some(Price { base_usd, unit: "output".to_owned(), note });
            prop_assert_eq!(Manifest::parse(&file(&manifest.render())).expect("rendered"), manifest);
        }
    }
}
