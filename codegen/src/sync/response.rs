//! A catalogue response in, its entries out: `GET /v1/models?include_schema=true`, live or saved. Knows the response's
//! shape, not the schema folder.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::gives::gives;
use super::odd_numbers::{Repaired, STAND_IN};
use crate::facts::{facts, is_address, is_unit};
use crate::import::pretty;
use crate::ir::Media;
use crate::manifest::Via;
use crate::{Error, ErrorKind, ModelId, Price, json};

/// Where a text came from, as errors name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, or the request that was answered.
    pub name: String,
    /// Whether it is an answer that just came, so that nobody can correct it.
    pub is_live: bool,
}

impl Origin {
    /// A saved response.
    pub fn saved(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_live: false }
    }

    /// The answer to a request, such as `GET …/models?offset=100`.
    pub fn live(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_live: true }
    }

    /// The error of a text that can't be read at all.
    fn unreadable(&self, why: &str) -> Error {
        let help = if self.is_live {
            "nothing was changed; sync again, and if it stays so, report it to RunComfy"
        } else {
            "save the answer of GET /v1/models?include_schema=true, all of it"
        };
        Error::new(ErrorKind::Json, format!("this is no catalogue response: {why}")).of("", &*self.name).help(help)
    }
}

/// One model as the catalogue lists it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it was read.
    pub origin: Origin,
    /// The JSON pointer of the entry there.
    pub pointer: String,
    /// The id.
    pub id: ModelId,
    /// The name people see, if it has one.
    pub display_name: Option<String>,
    /// The address of its page, if it is told.
    pub page: Option<String>,
    /// The input schema, laid out for a file; its tokens are those of the response.
    pub input: String,
    /// The base price, if it is told.
    pub price: Option<Price>,
    /// What it makes, as far as its categories or its id say.
    pub gives: Vec<Media>,
    /// By way of whom it came, if RunComfy did not answer itself.
    pub via: Option<Via>,
    /// Inputs that were taken out on the way, or may have been.
    pub incomplete: Vec<String>,
}

impl Entry {
    /// Whether they say the same of a model, wherever they were read.
    fn says_what(&self, other: &Self) -> bool {
        let Self { origin: _, pointer: _, id, display_name, page, input, price, gives, via: _, incomplete: _ } = self;
        (id, display_name, page, input, price, gives)
            == (&other.id, &other.display_name, &other.page, &other.input, &other.price, &other.gives)
    }

    /// Leaves out the sentences that somebody wrote for it.
    pub(super) fn keep_facts(&mut self) {
        self.input = pretty(&facts(&self.input));
        // Of another unit, the price would be another one.
        self.price = self.price.take().filter(|price| is_unit(&price.unit));
        if let Some(price) = &mut self.price {
            price.note = None;
        }
    }

    /// The error as one of the response: the entry, and the part of it at a JSON pointer.
    #[must_use]
    pub fn blame(&self, part: &str, error: Error) -> Error {
        error.of(self.id.as_str(), &*self.origin.name).at(format!("{}{part}", self.pointer))
    }
}

/// What a response holds.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The models that can be read.
    pub entries: Vec<Entry>,
    /// Ids of models that can't, as far as they are ids.
    pub unreadable: Vec<ModelId>,
    /// Why they can't.
    pub errors: Vec<Error>,
    /// Whether the catalogue may offer models that are not here: an entry has no id that can be read, or nothing says how
    /// many there are. Then none is taken for removed.
    pub may_lack: bool,
}

impl Response {
    /// Takes one more entry, or notes why it can't be read.
    pub fn take(&mut self, entry: Result<Entry, Error>) {
        match entry {
            Ok(entry) => self.add(entry),
            Err(error) => self.refuse(error),
        }
    }

    /// Takes one more entry. A page that shifts while it is read lists a model twice, which is no harm; two different
    /// entries for one model are.
    fn add(&mut self, entry: Entry) {
        match self.entries.iter().position(|known| known.id == entry.id) {
            _ if self.unreadable.contains(&entry.id) => {}
            None => self.entries.push(entry),
            Some(place) if self.entries[place].says_what(&entry) => {}
            Some(place) => {
                let first = self.entries.remove(place);
                let message = format!(
                    "the catalogue lists the model twice, and differently: first at {} of {}",
                    first.pointer, first.origin.name
                );
                let error = entry.blame("", Error::new(ErrorKind::ModelId, message));
                self.refuse(
                    error.help("the model stays as it was; if a new answer says the same, report it to RunComfy"),
                );
            }
        }
    }

    /// Notes an entry that can't be read. It is listed all the same, so nobody takes it for removed.
    pub(super) fn refuse(&mut self, error: Error) {
        match ModelId::parse(&error.model) {
            Ok(id) => self.unreadable.push(id),
            // What is no id is no model's that is known.
            Err(_) => self.may_lack |= error.model.is_empty(),
        }
        self.errors.push(error);
    }

    /// How many models there are: one that is listed twice counts once, and each entry without an id is one.
    #[must_use]
    pub fn models(&self) -> usize {
        let ids: BTreeSet<&ModelId> = self.entries.iter().map(|entry| &entry.id).chain(&self.unreadable).collect();
        ids.len() + self.errors.iter().filter(|error| ModelId::parse(&error.model).is_err()).count()
    }

    /// Whether the model is listed, readable or not.
    #[must_use]
    pub fn lists(&self, id: &ModelId) -> bool {
        self.unreadable.contains(id) || self.entries.iter().any(|entry| entry.id == *id)
    }
}

/// A part of the catalogue, as the server sent it.
pub struct Page {
    /// What was sent, read or not: as many as the server counts.
    pub entries: Vec<Result<Entry, Error>>,
    /// How many entries the catalogue has, if it says so.
    pub total: Option<u64>,
}

/// The parts of a page that are read; others may come.
#[derive(Deserialize)]
#[serde(expecting = "an object with `models`")]
struct Raw<'a> {
    #[serde(borrow)]
    models: Vec<&'a RawValue>,
    total: Option<u64>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with `model_id`")]
struct RawEntry<'a> {
    model_id: String,
    #[serde(default)]
    display_name: Option<Value>,
    #[serde(default)]
    model_url: Option<Value>,
    #[serde(borrow, default)]
    input_schema: Option<&'a RawValue>,
    #[serde(default)]
    base_price_usd: Option<Value>,
    #[serde(default)]
    price_unit: Option<Value>,
    #[serde(default)]
    pricing_note: Option<Value>,
    #[serde(default)]
    categories: Option<Value>,
}

/// Reads a saved response. A model that can't be read is an error of its own and hides no other.
///
/// # Errors
/// [`ErrorKind::Json`] if it is no catalogue response; [`ErrorKind::InvalidSchema`] if it is empty, or not whole.
pub fn read(name: &str, text: &str) -> Result<Response, Error> {
    let Page { entries, total } = page(&Origin::saved(name), text)?;
    let mut response = Response { may_lack: total.is_none(), ..Response::default() };
    entries.into_iter().for_each(|entry| response.take(entry));
    let message = match (response.models(), total) {
        (0, _) => "the response holds no models".to_owned(),
        (has, Some(total)) if has as u64 != total => format!("the response holds {has} of {total} models"),
        _ => return Ok(response),
    };
    Err(Error::new(ErrorKind::InvalidSchema, message)
        .of("", name)
        .at("/models")
        .help("save all pages as one response: models that it lacks would be taken for removed"))
}

/// Reads one page, or a response that holds all of them.
///
/// # Errors
/// [`ErrorKind::Json`] if it is neither.
pub fn page(origin: &Origin, text: &str) -> Result<Page, Error> {
    if text.trim_start().starts_with('[') {
        return Err(origin.unreadable("it is a list, not an object with `models`"));
    }
    let repaired = Repaired::new(text);
    let raw: Raw<'_> = serde_json::from_str(&repaired.text).map_err(|error| {
        origin.unreadable(&json::without_place(&error)).at(repaired.place(error.line(), error.column()))
    })?;
    let read = |(place, model): (usize, &RawValue)| entry(origin, format!("/models/{place}"), model.get());
    Ok(Page { entries: raw.models.into_iter().enumerate().map(read).collect(), total: raw.total })
}

/// Reads the entry of one model, as it is answered when asked for by its id.
///
/// # Errors
/// [`ErrorKind::Json`] and [`ErrorKind::InvalidSchema`].
pub fn single(origin: &Origin, text: &str) -> Result<Entry, Error> {
    entry(origin, String::new(), &Repaired::new(text).text)
}

fn entry(origin: &Origin, pointer: String, text: &str) -> Result<Entry, Error> {
    let fail =
        |message: String| Error::new(ErrorKind::Json, message).of("", &*origin.name).at(&*pointer).help(UNCHANGED);
    let raw: RawEntry<'_> = serde_json::from_str(text)
        .map_err(|error| fail(format!("the entry can't be read: {}", json::without_place(&error))))?;
    let of_model = |error: Error| error.of(&*raw.model_id, &*origin.name);
    if let Some((_, number)) = text.split_once(STAND_IN) {
        let number = number.split('"').next().unwrap_or_default();
        return Err(of_model(fail(format!("the entry holds {number}, which JSON does not have"))));
    }
    let id = ModelId::parse(&raw.model_id).map_err(|error| of_model(error.at(format!("{pointer}/model_id"))))?;
    let Some(schema) = raw.input_schema.map(RawValue::get).filter(|schema| schema.starts_with('{')) else {
        let help = "ask for it with include_schema=true; if it was, the model has none: report it to RunComfy";
        let error = Error { kind: ErrorKind::InvalidSchema, ..fail("the catalogue gives no input schema".to_owned()) };
        return Err(of_model(error.help(help)));
    };
    if let Err(fault) = json::read(schema) {
        let error = fail(format!("the input schema is no usable JSON: {}", fault.why));
        return Err(of_model(error.at(format!("{pointer}/input_schema{}", fault.pointer))));
    }
    // What is of another type than it should be is no reason to lose the model.
    let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let categories: Vec<String> = raw.categories.and_then(|list| serde_json::from_value(list).ok()).unwrap_or_default();
    let base = raw.base_price_usd.as_ref().and_then(Value::as_f64);
    Ok(Entry {
        display_name: text(raw.display_name).filter(|name| !name.trim().is_empty()),
        page: text(raw.model_url).filter(|page| is_address(page)),
        input: pretty(schema),
        price: price(base, text(raw.price_unit), text(raw.pricing_note)),
        gives: gives(id.as_str(), &categories),
        via: None,
        incomplete: Vec::new(),
        id,
        origin: origin.clone(),
        pointer,
    })
}

/// The remedy for an entry that is published wrong.
const UNCHANGED: &str = "the model stays as it was; report it to RunComfy";

/// What is counted where nothing else is told.
const OUTPUT: &str = "output";

/// A price that is one; anything else is no fact worth keeping.
fn price(base: Option<f64>, unit: Option<String>, note: Option<String>) -> Option<Price> {
    let base_usd = base.filter(|base| base.is_finite() && *base >= 0.0)?;
    let note = note.filter(|note| !note.is_empty());
    Some(Price { base_usd, unit: unit.unwrap_or_else(|| OUTPUT.to_owned()), note })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_order_of_a_schema_stay_as_published() {
        let text =
            r#"{"models": [{"model_id": "a/b", "news": 1, "input_schema":{"b":1.50,"a":"\u00e9"}}], "total": 1}"#;
        let response = read("r.json", text).expect("a response");
        assert_eq!(response.entries[0].input, "{\n  \"b\": 1.50,\n  \"a\": \"\\u00e9\"\n}\n");
    }

    #[test]
    fn a_fact_of_an_odd_type_is_left_out_and_the_model_is_read() {
        let text = r#"{"models": [{"model_id": "a/b", "display_name": 5, "model_url": 1, "price_unit": [], "input_schema": {}}], "total": 1}"#;
        let response = read("r.json", text).expect("a response");
        assert_eq!((response.entries.len(), response.may_lack), (1, false), "{:?}", response.errors);
    }

    #[test]
    fn without_a_total_there_may_be_more() {
        let text = r#"{"models": [{"model_id": "a/b", "input_schema": {}}]}"#;
        assert!(read("r.json", text).expect("a response").may_lack);
    }

    #[test]
    fn one_bad_entry_hides_no_other() {
        let text = r#"{"models": [
            {"model_id": "a/b"},
            {"model_id": "../x", "input_schema": {}},
            7,
            {"model_id": "c/d", "input_schema": {}, "base_price_usd": 0.05, "price_unit": "second"},
            {"model_id": "c/d", "input_schema": {}, "base_price_usd": 0.05, "price_unit": "second"},
            {"model_id": "e/f", "input_schema": {}},
            {"model_id": "e/f", "input_schema": {"type": "object"}},
            {"model_id": "e/f", "input_schema": {}}
        ]}"#;
        let response = read("r.json", text).expect("a response");
        assert_eq!(response.entries.len(), 1, "listed twice is no harm, unless it is two different things");
        assert_eq!(response.entries[0].price.as_ref().map(|price| price.unit.as_str()), Some("second"));
        assert_eq!(response.errors.len(), 4, "{:?}", response.errors);
        assert!(response.may_lack, "7 may be any model");
        let listed = ["a/b", "c/d", "e/f"].map(|id| response.lists(&ModelId::parse(id).expect("an id")));
        assert_eq!(listed, [true; 3]);
    }

    #[test]
    fn a_number_that_json_does_not_have_costs_its_own_entry_only() {
        for number in ["NaN", "Infinity", "-Infinity"] {
            let text = format!(
                r#"{{"models": [{{"model_id": "a/b", "eta": {number}, "input_schema": {{}}}},
                {{"model_id": "c/d", "display_name": "{number} \" NaN", "input_schema": {{"minimum": -1}}}}], "total": 2}}"#
            );
            let response = read("r.json", &text).expect("a response");
            let told: Vec<_> = response.errors.iter().map(|error| (&*error.model, &*error.message)).collect();
            assert_eq!(told, [("a/b", &*format!("the entry holds {number}, which JSON does not have"))]);
            let taken: Vec<_> = response.entries.iter().map(|entry| (entry.id.as_str(), &*entry.input)).collect();
            assert_eq!(taken, [("c/d", "{\n  \"minimum\": -1\n}\n")]);
            assert_eq!(response.entries[0].display_name.as_deref(), Some(&*format!("{number} \" NaN")));
        }
    }

    #[test]
    fn a_response_that_is_not_whole_is_refused() {
        for (text, why) in [
            (r#"{"models": [], "total": 0}"#, "holds no models"),
            (r#"{"models": [{"model_id": "a/b", "input_schema": {}}], "total": 384}"#, "1 of 384"),
            (r#"{"models": [{"model_id": "a/b", "input_schema": {}}], "total": 0}"#, "1 of 0"),
            (
                r#"{"models": [{"model_id": "a/b", "input_schema": {}}, {"model_id": "a/b", "input_schema": {}}], "total": 2}"#,
                "1 of 2",
            ),
            (r#"{"error_code": 400004}"#, "no catalogue response"),
            (r#"[{"model_id": "a/b"}]"#, "not an object with `models`"),
            ("<html>", "no catalogue response"),
        ] {
            let error = read("r.json", text).expect_err("not whole");
            assert!(error.message.contains(why), "{error}");
        }
    }
}
