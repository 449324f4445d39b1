//! One model: manifest and schemas in, a model that checks bodies and makes outputs out.

use std::fmt;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::dialect::{normalize, output_envelope};
use super::manifest::{Manifest, Price};
use super::sample::{Extent, media_kind, sample};
use crate::media::Kind;
use crate::{Error, Usd};

/// A file of the schema folder: its path and content.
type File = (String, Value);

/// A model that can be offered.
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) price: Option<Price>,
    /// The input schema as published.
    pub(crate) input: Value,
    /// What it makes first of all.
    pub(crate) kind: Kind,
    /// The smallest valid body, if one could be made.
    pub(crate) example: Option<Value>,
    checker: Validator,
    output: Output,
}

enum Output {
    /// Made from this schema.
    Made(Value),
    /// Given by the user; `file:image` and the like become URLs.
    Given(Value),
}

/// How much of what is wrong with a body is told.
const MAX_PROBLEMS: usize = 100;

/// What is wrong with one value of a body. It never holds the value: that may be a file of 50 MB.
pub(crate) struct Problem {
    /// JSON pointer of the value.
    pub(crate) path: String,
    /// The violated keyword.
    pub(crate) rule: String,
    pub(crate) message: String,
}

impl Model {
    /// # Errors
    /// An input or output schema that is none, and an output schema for which no output could be made.
    pub(crate) fn new(manifest: &Manifest, input: File, output: File) -> Result<Self, Error> {
        let kind = manifest.gives().unwrap_or_else(|| kind_of(&manifest.id, &manifest.display_name));
        let (checker, example) = understand_input(&input)?;
        Ok(Self {
            id: manifest.id.clone(),
            display_name: manifest.display_name.clone(),
            price: manifest.price.clone(),
            input: input.1,
            kind,
            example,
            checker,
            output: output_of(manifest, &output, kind)?,
        })
    }

    /// Publishes another input schema from now on.
    ///
    /// # Errors
    /// A schema that is none.
    pub(crate) fn set_input(&mut self, schema: Value) -> Result<(), Error> {
        let input = (format!("the input schema given for {}", self.id), schema);
        (self.checker, self.example) = understand_input(&input)?;
        self.input = input.1;
        Ok(())
    }

    pub(crate) fn set_output(&mut self, output: Value) {
        self.output = Output::Given(output);
    }

    /// What is wrong with a body; of much that is wrong, the first hundred.
    pub(crate) fn check(&self, body: &Value) -> Vec<Problem> {
        let problem = |error: jsonschema::ValidationError<'_>| Problem {
            path: error.instance_path().to_string(),
            rule: error.kind().keyword().to_owned(),
            message: error.masked().to_string(),
        };
        self.checker.iter_errors(body).take(MAX_PROBLEMS).map(problem).collect()
    }

    /// The output of a job; `url` gives the URL of each file in it.
    pub(crate) fn output(&self, url: &mut dyn FnMut(Kind) -> String) -> Value {
        match &self.output {
            Output::Made(schema) => sample(schema, Extent::All, url),
            Output::Given(value) => with_urls(value, url),
        }
    }

    /// The price of a job with this body: the base price, times `duration` where seconds are counted.
    pub(crate) fn price_of(&self, body: &Value, base: Usd) -> Usd {
        let seconds = body.get("duration").and_then(Value::as_f64);
        match (&self.price, seconds) {
            (Some(price), Some(seconds)) if price.unit == "second" => base.times(seconds),
            _ => base,
        }
    }

    /// The key whose value tells jobs apart: the first that is `seed` or ends in `_seed`.
    pub(crate) fn seed_key(&self) -> Option<&str> {
        let keys = self.input.get("properties")?.as_object()?.keys();
        keys.map(String::as_str).find(|key| *key == "seed" || key.ends_with("_seed"))
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("id", &self.id).finish_non_exhaustive()
    }
}

fn understand_input((file, published): &File) -> Result<(Validator, Option<Value>), Error> {
    let schema = normalize(published);
    let checker = compile(&schema).map_err(|error| error.of(file))?;
    let url = &mut |kind: Kind| format!("https://example.com/reference.{}", kind.extension());
    let example = sample(&schema, Extent::Required, url);
    let fits = checker.is_valid(&example);
    Ok((checker, fits.then_some(example)))
}

/// An envelope that was not published for the model may know no audio; a model that makes audio answers with it all the
/// same.
fn output_of(manifest: &Manifest, output: &File, kind: Kind) -> Result<Output, Error> {
    let made = understand_output(output, kind)?;
    let knows_audio = made.pointer("/properties/audio").or_else(|| made.pointer("/properties/audios")).is_some();
    let is_assumed = manifest.is_output_assumed() || output.0.starts_with("_shared/");
    if kind == Kind::Audio && is_assumed && !knows_audio {
        return Ok(Output::Given(json!({"audio": "file:audio"})));
    }
    Ok(Output::Made(made))
}

/// The schema that outputs are made from, after making one for a trial.
fn understand_output((file, published): &File, kind: Kind) -> Result<Value, Error> {
    let schema = normalize(output_envelope(published));
    let checker = compile(&schema).map_err(|error| error.of(file))?;
    let made_from = only_own_media(&schema, kind);
    let output = sample(&made_from, Extent::All, &mut |kind| format!("http://127.0.0.1/0.{}", kind.extension()));
    match checker.validate(&output) {
        Ok(()) => Ok(made_from),
        Err(error) => {
            let message = format!("no output could be made that fits: {error}; give one with Builder::output");
            Err(Error::new(message).of(file).at(error.instance_path().to_string()))
        }
    }
}

fn compile(schema: &Value) -> Result<Validator, Error> {
    let is = |kind: Kind| move |value: &str| is_medium(value, kind);
    jsonschema::options()
        .with_format("image_uri", is(Kind::Image))
        .with_format("video_uri", is(Kind::Video))
        .with_format("audio_uri", is(Kind::Audio))
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| Error::new(format!("not a JSON Schema: {error}")).at(error.instance_path().to_string()))
}

/// Assumed of the API: https URLs (http on loopback), base64 `data:` URIs of the right kind, and the file names that the
/// playground uses for its samples.
fn is_medium(value: &str, kind: Kind) -> bool {
    if let Some(data) = value.strip_prefix("data:") {
        return data.starts_with(kind.word()) && data.contains(";base64,");
    }
    match value.split_once("://") {
        Some((scheme, host)) if scheme.eq_ignore_ascii_case("https") => !host.is_empty(),
        Some((scheme, host)) if scheme.eq_ignore_ascii_case("http") => {
            host.starts_with("127.0.0.1") || host.starts_with("localhost")
        }
        Some(_) => false,
        None => value.contains('.') && !value.contains(char::is_whitespace),
    }
}

/// The envelope that many models share names all media; a model answers with what it makes.
fn only_own_media(schema: &Value, kind: Kind) -> Value {
    let mut narrowed = schema.clone();
    let Some(properties) = narrowed.get_mut("properties").and_then(Value::as_object_mut) else { return narrowed };
    let media: Vec<(String, Kind)> = properties
        .iter()
        .filter_map(|(key, part)| Some((key.clone(), media_kind(key, part.as_object().unwrap_or(&Map::new()))?)))
        .collect();
    let own = media.iter().find(|(_, part)| *part == kind).map(|(key, _)| key.clone());
    if let (Some(own), None) = (own, schema.get("required")) {
        properties.retain(|key, _| *key == own || !media.iter().any(|(medium, _)| medium == key));
    }
    narrowed
}

/// What a model makes is the last medium that its id or its name speaks of: `image-to-video` makes videos.
fn kind_of(id: &str, display_name: &str) -> Kind {
    let last = |text: &str| {
        let text = text.to_lowercase();
        let words = [
            ("image", Kind::Image),
            ("video", Kind::Video),
            ("audio", Kind::Audio),
            ("speech", Kind::Audio),
            ("music", Kind::Audio),
        ];
        let found = words.into_iter().filter_map(|(word, kind)| Some((text.rfind(word)?, kind)));
        found.max_by_key(|(place, _)| *place).map(|(_, kind)| kind)
    };
    last(id).or_else(|| last(display_name)).unwrap_or(Kind::Image)
}

fn with_urls(value: &Value, url: &mut dyn FnMut(Kind) -> String) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("file:").and_then(Kind::from_word) {
            Some(kind) => json!(url(kind)),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(|value| with_urls(value, url)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), with_urls(value, url))).collect(),
        other => other.clone(),
    }
}
