//! What a page says of its model: its text in, a [`Page`] out, or why it is refused. Knows neither the disk nor other models.

use crate::facts::{Pairs, facts};
use crate::manifest::Texts;
use crate::{Error, ErrorKind, ModelId};
use serde_json::Value;

use super::json::{Broken, Whole, line_start, objects};
use super::layout::pretty;
use super::text::Text;

/// What stands before a model's id in the URL that requests go to.
const URL: &str = "/v1/models/";

/// What one model page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The id, from the URL of the request.
    pub id: ModelId,
    /// The line above the first line that holds nothing but the id; `None` if there is no such line.
    pub display_name: Option<String>,
    /// The input schema as published, laid out with two spaces and a line break at the end.
    pub input: String,
    /// The output schema, in its `{"output": …}` envelope, laid out in the same way.
    pub output: String,
    /// Whether the sentences of the schemas are left in them.
    pub texts: Texts,
    /// The body of the first request on the page, laid out in the same way.
    pub example: Option<String>,
}

impl Page {
    /// Leaves out the sentences that somebody wrote for the model.
    pub fn keep_facts(&mut self) {
        self.input = pretty(&facts(&self.input));
        if let Some(mut envelope) = Pairs::read(&self.output) {
            envelope.0.iter_mut().for_each(|(_, schema)| *schema = facts(schema));
            self.output = pretty(&envelope.to_string());
        }
        self.texts = Texts::Omitted;
    }
}

/// Reads the text or the HTML of a saved page; `name` is what the file is called in errors.
///
/// Lines in errors are those of the saved file: exact in plain text and in preformatted HTML, elsewhere in HTML the line
/// on which the piece of text starts.
///
/// # Errors
/// With line and remedy: [`ErrorKind::Json`] if JSON breaks off or a schema has a key twice; [`ErrorKind::ModelId`] if
/// there is no id, an invalid one, or two; [`ErrorKind::InvalidSchema`] if a schema is missing, there are two that
/// differ, or a request on the page has a key that the schema does not know.
pub fn read_page(name: &str, saved: &str) -> Result<Page, Error> {
    let page = Text::of(saved);
    read(&page).map_err(|error| {
        let model = error.model.clone();
        error.of(model, name)
    })
}

fn read(page: &Text) -> Result<Page, Error> {
    let mut found = Found::default();
    for object in objects(&page.text) {
        match object {
            Ok(whole) => found.sort(page, whole)?,
            Err(broken) => refuse_cut(page, &broken)?,
        }
    }
    let id = model_id(page)?;
    let (Some(input), Some(output)) = (&found.input, &found.output) else {
        return Err(missing(&found));
    };
    for example in &found.examples {
        check_example(page, example, input)?;
    }
    Ok(Page {
        display_name: display_name(&page.text, &id),
        id,
        input: pretty(&input.json),
        output: pretty(&output.json),
        texts: Texts::Published,
        example: found.examples.first().map(|example| pretty(&example.json)),
    })
}

/// The objects that matter, by what they are.
#[derive(Default)]
struct Found {
    input: Option<Whole>,
    output: Option<Whole>,
    examples: Vec<Whole>,
}

impl Found {
    /// Keeps an object that matters; drops answers, headers and whatever else a page shows.
    fn sort(&mut self, page: &Text, object: Whole) -> Result<(), Error> {
        if is_request_body(&page.text[..object.start]) {
            refuse_repeats(page, &object)?;
            self.examples.push(object);
            return Ok(());
        }
        let (slot, what) = if object.value.get("properties").is_some_and(Value::is_object) {
            (&mut self.input, "input")
        } else if object.value.get("output").is_some_and(is_schema) {
            (&mut self.output, "output")
        } else {
            return Ok(());
        };
        refuse_repeats(page, &object)?;
        if page.text[object.end..].trim_start().starts_with([',', '}', ']']) {
            return Err(Error::new(ErrorKind::Json, "a schema is followed by the rest of JSON whose start is missing")
                .at(at_line(page, object.end))
                .help("save the whole page again, from its first line on"));
        }
        match slot {
            Some(first) if first.value != object.value => {
                let (one, two) = (page.line(first.start), page.line(object.start));
                let message = format!("two {what} schemas that differ, on line {one} and on line {two}");
                Err(Error::new(ErrorKind::InvalidSchema, message)
                    .at(at_line(page, object.start))
                    .help("save the page of one model alone, or delete the other schema"))
            }
            Some(_) => Ok(()),
            None => {
                *slot = Some(object);
                Ok(())
            }
        }
    }
}

/// Whether the text before an object is a shell command about to send it to a model.
fn is_request_body(before: &str) -> bool {
    const FLAGS: [&str; 5] = ["--data", "--data-raw", "--data-binary", "-d", "--json"];
    let command = before.trim_end_matches(|c: char| c.is_whitespace() || "'$=\\".contains(c));
    let is_flag = |flag: &str| {
        let rest = command.strip_suffix(flag);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
    };
    if !FLAGS.iter().any(|flag| is_flag(flag)) {
        return false;
    }
    // Other requests, say of an upload, have other keys.
    let url = command.rfind("://").map(|at| &command[at..]);
    url.is_none_or(|url| url.split_whitespace().next().is_some_and(|url| url.contains(URL)))
}

/// Whether a value describes values, as against being one.
fn is_schema(value: &Value) -> bool {
    const TYPES: [&str; 8] = ["object", "array", "string", "integer", "number", "float", "boolean", "null"];
    let typed = value.get("type").is_some_and(|kind| match kind {
        Value::String(kind) => TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)),
        other => other.is_array(),
    });
    typed || ["properties", "anyOf", "oneOf", "allOf", "$ref"].iter().any(|keyword| value.get(keyword).is_some())
}

/// Refuses a key that is there twice: which one is meant is anybody's guess.
fn refuse_repeats(page: &Text, object: &Whole) -> Result<(), Error> {
    let Some(repeat) = &object.repeat else {
        return Ok(());
    };
    let place = line_start(&page.text, object.start, repeat.line);
    Err(Error::new(ErrorKind::Json, &*repeat.why)
        .at(at_line(page, place))
        .help("delete the one that is wrong in the saved page, and tell RunComfy"))
}

/// Refuses JSON that breaks off, if it is a schema or a request body. Code in other languages looks like JSON at first and
/// then goes on otherwise; it is none of ours.
fn refuse_cut(page: &Text, broken: &Broken) -> Result<(), Error> {
    let to_the_end = broken.end >= page.text.trim_end().len();
    let keys_of_schemas = ["type", "properties", "required", "output"];
    let is_schema = broken.keys.iter().any(|key| keys_of_schemas.contains(&key.as_str()));
    if !to_the_end && !is_schema && !is_request_body(&page.text[..broken.start]) {
        return Ok(());
    }
    let (start, end) = (page.line(broken.start), page.line(broken.end));
    if let Some(why) = &broken.why {
        return Err(Error::new(ErrorKind::Json, format!("what starts on line {start} is no usable JSON: {why}"))
            .at(format!("line {end}"))
            .help("save the whole page again if a part is missing; if it is published so, report it to RunComfy"));
    }
    let how = if to_the_end { "ends with the page" } else { "breaks off" };
    Err(Error::new(ErrorKind::Json, format!("the JSON that starts on line {start} {how} on line {end}"))
        .at(format!("line {end}"))
        .help("save the whole page again: part of it is missing, or something stands in the middle of the JSON"))
}

fn missing(found: &Found) -> Error {
    let (what, help) = match (&found.input, &found.output) {
        (None, None) => {
            ("there is no schema on the page", "save the model's API page, with its section on the schema unfolded")
        }
        (None, Some(_)) => (
            "there is no input schema on the page",
            "copy the object with `\"properties\"` into the saved page, or save the page again",
        ),
        _ => (
            "there is no output schema on the page",
            "copy the object that starts with `{\"output\":` into the saved page, or save the page again",
        ),
    };
    Error::new(ErrorKind::InvalidSchema, what).at("line 1").help(help)
}

fn check_example(page: &Text, example: &Whole, input: &Whole) -> Result<(), Error> {
    let known = &input.value["properties"];
    let unknown = example.value.as_object().and_then(|body| body.keys().find(|key| known.get(key.as_str()).is_none()));
    let Some(key) = unknown else {
        return Ok(());
    };
    let message = format!("the request on the page has the key {key:?}, unknown to its schema");
    let schema = page.line(input.start);
    Err(Error::new(ErrorKind::InvalidSchema, message).at(at_line(page, example.start)).help(format!(
        "the request is of another model or version than the schema on line {schema}: save the page again"
    )))
}

/// The one id in the URLs of the page.
fn model_id(page: &Text) -> Result<ModelId, Error> {
    let mut first: Option<(usize, &str)> = None;
    for (at, id) in ids(&page.text) {
        match first {
            None => first = Some((at, id)),
            Some((before, other)) if other != id => {
                return Err(Error::new(
                    ErrorKind::ModelId,
                    format!(
                        "two model ids: {other:?} on line {} and {id:?} on line {}",
                        page.line(before),
                        page.line(at)
                    ),
                )
                .at(at_line(page, at))
                .help("save the page of one model alone, or delete the URL that is not this model's"));
            }
            Some(_) => {}
        }
    }
    let Some((at, id)) = first else {
        return Err(Error::new(ErrorKind::ModelId, format!("there is no URL `…{URL}<id>` on the page"))
            .at("line 1")
            .help("save the model's API page: its first request names the model"));
    };
    ModelId::parse(id).map_err(|error| error.at(at_line(page, at)))
}

/// What follows `/v1/models/` in the URLs of a text, with its offset. Placeholders such as `{model_id}` and the list of
/// categories are not models.
fn ids(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices(URL).filter_map(|(at, _)| {
        let from = at + URL.len();
        let end_of_url = |c: char| c.is_whitespace() || c.is_control() || "\"'`<>()[]{},;?#|".contains(c);
        let rest = &text[from..];
        let id = &rest[..rest.find(end_of_url).unwrap_or(rest.len())];
        let id = id.trim_end_matches(['.', '/', ':', '\\']);
        let is_model = !id.is_empty() && !id.starts_with([':', '$']) && id != "categories";
        is_model.then_some((from, id))
    })
}

/// The line above the id, as one line without invisible characters.
fn display_name(text: &str, id: &ModelId) -> Option<String> {
    const LONGEST: usize = 200;
    let mut above = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line == id.as_str() {
            break;
        }
        above = Some(line);
    }
    let shown = text.lines().any(|line| line.trim() == id.as_str());
    let title: String = above.filter(|_| shown)?.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty() && title.chars().count() <= LONGEST).then_some(title)
}

fn at_line(page: &Text, offset: usize) -> String {
    format!("line {}", page.line(offset))
}
