//! A JSON Schema in, the same in one dialect out, with the way back. What comes out takes all that goes in; what it can't say
//! is noted, and goes into descriptions. Here: values of one place. Must not know hosts.

use serde_json::{Map, json};

use super::gather::{Gathered, gather};
use super::keywords::{self, OF_ALL};
use super::read::{Parts, Plan};
use super::rules::{Null, Rules};
use super::words::{described, range, short, words};
use super::{Dropped, JSON_TEXT};
use crate::Json;

/// How many values are looked at; those beyond may be anything.
const MAX_VALUES: usize = 20_000;

/// Makes one schema fit.
pub(super) struct Reducer<'d> {
    pub(super) document: &'d Json,
    pub(super) rules: &'static Rules,
    pub(super) dropped: Vec<Dropped>,
    pub(super) looked_at: usize,
}

/// Where a value stands.
#[derive(Clone)]
pub(super) struct At {
    /// The way to it by readable names, as in `loras[].scale`.
    pub(super) path: String,
    /// The references that lead to it.
    pub(super) followed: Vec<String>,
    /// How many objects and lists it is in.
    pub(super) level: usize,
}

/// A schema in the dialect.
pub(super) struct Made {
    pub(super) schema: Map<String, Json>,
    pub(super) plan: Plan,
    /// Whether the published schema takes null.
    pub(super) takes_null: bool,
}

/// What a value may be.
pub(super) enum Shape {
    /// No value.
    Never,
    /// Any value, or one that the dialect can't describe.
    Any,
    /// One of these forms, or null.
    Forms(Vec<Form>, bool),
}

/// One form of a value, of one type.
#[derive(PartialEq)]
pub(super) struct Form {
    pub(super) schema: Map<String, Json>,
    pub(super) plan: Plan,
}

impl At {
    pub(super) fn root() -> Self {
        Self { path: String::new(), followed: Vec::new(), level: 1 }
    }

    /// A place within the value, when these references were followed.
    pub(super) fn within(&self, step: &str, followed: &[String]) -> Self {
        let dot = if self.path.is_empty() || step == "[]" { "" } else { "." };
        Self { path: format!("{}{dot}{step}", self.path), followed: followed.to_vec(), level: self.level + 1 }
    }
}

impl Reducer<'_> {
    pub(super) fn gather(&self, schema: &Json, at: &At) -> Option<Gathered> {
        gather(schema, self.document, &at.followed)
    }

    /// Notes what is lost, and gives it in words.
    pub(super) fn lose(&mut self, keyword: &str, value: &Json, at: &At) -> String {
        let words = words(keyword, value);
        self.note(keyword, &words, at);
        words
    }

    pub(super) fn note(&mut self, keyword: &str, words: &str, at: &At) {
        let dropped = Dropped { field: at.path.clone(), keyword: keyword.to_owned(), words: words.to_owned() };
        if !self.dropped.contains(&dropped) {
            self.dropped.push(dropped);
        }
    }

    /// The schema of the value at this place; it may be null besides if `or_null`.
    pub(super) fn value(&mut self, schema: &Json, at: &At, or_null: bool) -> Made {
        self.looked_at += 1;
        let is_too_much = self.looked_at > MAX_VALUES;
        let is_too_deep = self.rules.limits.is_some_and(|limits| at.level > limits.levels);
        let mut said = Vec::new();
        let mut texts = Map::new();
        let (mut noted, mut told) = (self.dropped.len(), 0);
        let shape = match self.gather(schema, at) {
            None => Shape::Never,
            Some(mut found) => {
                for name in ["title", "description"] {
                    texts.extend(found.keywords.remove_entry(name));
                }
                self.texts(&mut found, at, &mut said);
                (noted, told) = (self.dropped.len(), said.len());
                if is_too_much
                    || is_too_deep
                        && keywords::types(&found.keywords).iter().any(|one| one == "object" || one == "array")
                {
                    Shape::Any
                } else {
                    self.shape(found, at, &mut said)
                }
            }
        };
        let needs_any = match &shape {
            Shape::Any | Shape::Never => true,
            Shape::Forms(forms, _) => forms.is_empty(),
        };
        if !needs_any {
            let Shape::Forms(forms, takes_null) = shape else { return self.any(texts, said, or_null) };
            return self.rendered(forms, takes_null, or_null, texts, &said);
        }
        // What was lost within it is within what is shown of it.
        self.dropped.truncate(noted);
        said.truncate(told);
        said.extend(self.shown(schema, at));
        self.any(texts, said, or_null)
    }

    /// Takes out what says no more than what is usual. Examples are samples from the playground, which are listed, but not
    /// brought to mind.
    fn texts(&mut self, found: &mut Gathered, at: &At, said: &mut Vec<String>) {
        for name in ["default", "examples"] {
            if self.rules.takes(name) {
                continue;
            }
            if let Some(value) = found.keywords.remove(name) {
                let words = self.lose(name, &value, at);
                if name == "default" {
                    said.push(words);
                }
            }
        }
    }

    /// A schema in words, noted as lost; `None` if it says nothing.
    fn shown(&mut self, schema: &Json, at: &At) -> Option<String> {
        let shown = shown(schema);
        let says_something = shown.as_object().is_none_or(|keywords| !keywords.is_empty());
        says_something.then(|| {
            let words = format!("the value fits {}", short(&shown));
            self.note("any", &words, at);
            words
        })
    }

    /// Any value; as JSON text, where the dialect has no other way.
    fn any(&mut self, mut texts: Map<String, Json>, mut said: Vec<String>, or_null: bool) -> Made {
        said.push(JSON_TEXT.to_owned());
        describe(&mut texts, &said);
        texts.insert("type".to_owned(), "string".into());
        if or_null {
            allow_null(&mut texts, self.rules.null);
        }
        Made { schema: texts, plan: Plan::Text, takes_null: true }
    }

    /// The forms in one schema.
    fn rendered(
        &self,
        mut forms: Vec<Form>,
        takes_null: bool,
        or_null: bool,
        texts: Map<String, Json>,
        said: &[String],
    ) -> Made {
        let mut plan = Plan::Same;
        for form in &mut forms {
            // `shape` looked whether it can be told from the others.
            plan = plan.merge(std::mem::take(&mut form.plan)).unwrap_or_default();
        }
        let is_null = takes_null || or_null;
        let mut schemas: Vec<Map<String, Json>> = forms.into_iter().map(|form| form.schema).collect();
        if let [schema] = schemas.as_mut_slice() {
            let mut schema = std::mem::take(schema);
            adopt(&mut schema, &texts, said);
            if is_null {
                allow_null(&mut schema, self.rules.null);
            }
            return Made { schema, plan, takes_null };
        }
        let mut schema = Map::new();
        if self.rules.is_union_alone {
            schemas.iter_mut().for_each(|form| adopt(form, &texts, said));
        } else {
            adopt(&mut schema, &texts, said);
        }
        if is_null {
            match self.rules.null {
                Null::Type => schemas.push([("type".to_owned(), "null".into())].into_iter().collect()),
                null => schemas.iter_mut().for_each(|form| allow_null(form, null)),
            }
        }
        schema.insert("anyOf".to_owned(), schemas.into_iter().map(Json::Object).collect());
        Made { schema, plan, takes_null }
    }

    /// What a value may be, of which this is said.
    pub(super) fn shape(&mut self, found: Gathered, at: &At, said: &mut Vec<String>) -> Shape {
        let Gathered { mut keywords, beside, followed, lost } = found;
        let at = At { followed, ..at.clone() };
        for (keyword, value) in
            lost.into_iter().chain(beside.into_iter().flatten()).filter(|(keyword, _)| !is_text(keyword))
        {
            said.push(self.lose(&keyword, &value, &at));
        }
        // Conditions bring names of their own, which the whole then knows.
        let has_conditions =
            ["if", "then", "else", "dependentSchemas"].iter().any(|keyword| keywords.contains_key(*keyword));
        let unevaluated = if has_conditions { keywords.remove_entry("unevaluatedProperties") } else { None };
        let lost = OF_ALL.iter().filter_map(|keyword| keywords.remove_entry(*keyword)).collect::<Vec<_>>();
        for (keyword, value) in lost.into_iter().chain(unevaluated) {
            said.push(self.lose(&keyword, &value, &at));
        }
        if keywords.contains_key("anyOf") || keywords.contains_key("oneOf") {
            return self.union(keywords, &at, said);
        }
        self.plain(&keywords, &at, said)
    }

    /// The whole input. `None` if hosts can't tell its names apart.
    pub(super) fn whole(&mut self, found: Gathered, at: &At, said: &mut Vec<String>) -> Option<Form> {
        self.looked_at += 1;
        match self.shape(found, at, said) {
            Shape::Forms(forms, _) => forms.into_iter().next(),
            Shape::Any | Shape::Never => None,
        }
    }

    fn plain(&mut self, keywords: &Map<String, Json>, at: &At, said: &mut Vec<String>) -> Shape {
        let types = keywords::types(keywords);
        if types.is_empty() {
            return Shape::Any;
        }
        let mut forms = Vec::new();
        let mut takes_null = false;
        for name in &types {
            let values = keywords::values(keywords, name);
            if values.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let made = match name.as_str() {
                "null" => {
                    takes_null = true;
                    continue;
                }
                // Lists and objects as listed values.
                "object" | "array" if values.is_some() => None,
                "object" => self.object(keywords, at, said),
                "array" => self.list(keywords, at, said),
                name => Some(self.scalar(name, keywords, values, at, said)),
            };
            let Some(mut form) = made else { return Shape::Any };
            for text in ["title", "description"] {
                form.schema.extend(keywords.get(text).map(|value| (text.to_owned(), value.clone())));
            }
            forms.push(form);
        }
        if forms.is_empty() && !takes_null { Shape::Never } else { self.told_apart(forms, takes_null) }
    }

    /// The forms, if a value tells how it is read; and null, if it can be said beside them.
    pub(super) fn told_apart(&self, mut forms: Vec<Form>, takes_null: bool) -> Shape {
        let mut kept: Vec<Form> = Vec::new();
        for form in forms.drain(..) {
            if !kept.contains(&form) {
                kept.push(form);
            }
        }
        let mut plan = Plan::Same;
        for form in &kept {
            match plan.merge(form.plan.clone()) {
                Some(merged) => plan = merged,
                None => return Shape::Any,
            }
        }
        let fills_in = |form: &Form| matches!(&form.plan, Plan::Parts(parts) if !parts.absent.is_empty());
        if kept.len() > 1 && kept.iter().any(fills_in) {
            return Shape::Any;
        }
        Shape::Forms(kept, takes_null)
    }

    fn scalar(
        &mut self,
        name: &str,
        keywords: &Map<String, Json>,
        values: Option<Vec<Json>>,
        at: &At,
        said: &mut Vec<String>,
    ) -> Form {
        let mut schema: Map<String, Json> = [("type".to_owned(), name.into())].into_iter().collect();
        if let Some(values) = values {
            let is_text = |value: &Json| value.as_str().is_some_and(|text| !text.is_empty());
            let values: Json = values.into();
            if self.rules.are_values_texts && !values.as_array().is_some_and(|all| all.iter().all(is_text)) {
                said.push(self.lose("enum", &values, at));
            } else {
                schema.insert("enum".to_owned(), values);
            }
        }
        self.keep(keywords::of_type(name), keywords, &mut schema, at, said);
        Form { schema, plan: Plan::Same }
    }

    /// Takes over those of these keywords that the dialect has, and loses the others.
    pub(super) fn keep(
        &mut self,
        of: &[&str],
        keywords: &Map<String, Json>,
        to: &mut Map<String, Json>,
        at: &At,
        said: &mut Vec<String>,
    ) {
        let mut lost: Vec<(&str, &Json)> = Vec::new();
        for keyword in of {
            let Some(value) = keywords.get(*keyword) else { continue };
            let is_said =
                self.rules.takes(keyword) && (*keyword != "pattern" || self.rules.has_all_patterns || is_plain(value));
            if is_said {
                to.insert((*keyword).to_owned(), value.clone());
            } else {
                lost.push((keyword, value));
            }
        }
        let both = |low: &str, high: &str| {
            let of = |wanted: &str| lost.iter().find(|(keyword, _)| *keyword == wanted).map(|(_, value)| *value);
            of(low).zip(of(high))
        };
        let lengths = both("minLength", "maxLength").map(|(low, high)| range(low, high, "character"));
        if let Some(words) = &lengths {
            said.push(words.clone());
        }
        for (keyword, value) in lost {
            match &lengths {
                Some(words) if keyword.ends_with("Length") => self.note(keyword, words, at),
                _ => said.push(self.lose(keyword, value, at)),
            }
        }
    }

    /// A list. `None` if it can't be described.
    fn list(&mut self, keywords: &Map<String, Json>, at: &At, said: &mut Vec<String>) -> Option<Form> {
        let mut schema: Map<String, Json> = [("type".to_owned(), "array".into())].into_iter().collect();
        let first: Vec<Json> = keywords.get("prefixItems").and_then(Json::as_array).cloned().unwrap_or_default();
        let rest = keywords.get("items").unwrap_or(&Json::Bool(true));
        let mut keywords = keywords.clone();
        let items = if first.is_empty() {
            rest.clone()
        } else {
            let places = json!(first.len());
            if *rest == Json::Bool(false) {
                let limit = keywords.entry("maxItems").or_insert_with(|| places.clone());
                *limit = if limit.as_u64() < places.as_u64() { limit.clone() } else { places };
            }
            json!({"anyOf": first.into_iter().chain([rest.clone()]).filter(|one| *one != Json::Bool(false)).collect::<Vec<_>>()})
        };
        let inner = at.within("[]", &at.followed);
        if items == Json::Bool(false) {
            keywords.insert("maxItems".to_owned(), 0.into());
        }
        let items = if items == Json::Bool(false) { json!({"type": "string"}) } else { items };
        let noted = self.dropped.len();
        let mut made = self.value(&items, &inner, false);
        if made.takes_null && self.rules.null == Null::Never && made.plan != Plan::Text {
            self.dropped.truncate(noted);
            let said = self.shown(&items, &inner).into_iter().collect();
            made = self.any(Map::new(), said, false);
        }
        schema.insert("items".to_owned(), made.schema.into());
        keywords.remove("items");
        self.keep(keywords::of_type("array"), &keywords, &mut schema, at, said);
        let plan = match made.plan {
            Plan::Same => Plan::Same,
            items => Plan::Parts(Box::new(Parts { items, ..Parts::default() })),
        };
        Some(Form { schema, plan })
    }
}

/// Whether a keyword says nothing of which values are taken.
pub(super) fn is_text(keyword: &str) -> bool {
    matches!(keyword, "title" | "description" | "default" | "examples" | "format" | "$schema" | "$defs")
}

/// The schema without what is not about values, to be shown; references by their last name.
pub(super) fn shown(schema: &Json) -> Json {
    let keywords = match schema {
        Json::Object(keywords) => keywords,
        Json::Array(parts) => return parts.iter().map(shown).collect(),
        other => return other.clone(),
    };
    if let (1, Some([part])) = (keywords.len(), keywords.get("allOf").and_then(Json::as_array).map(Vec::as_slice)) {
        return shown(part);
    }
    let one = |(name, value): (&String, &Json)| match (name.as_str(), value) {
        ("$ref", Json::String(target)) => (name.clone(), target.rsplit(['.', '/']).next().unwrap_or_default().into()),
        ("enum" | "const" | "required", value) => (name.clone(), value.clone()),
        (_, value) => (name.clone(), shown(value)),
    };
    // A property may be called like a keyword; its schema is an object.
    Json::Object(keywords.iter().filter(|(name, value)| !is_text(name) || value.is_object()).map(one).collect())
}

/// Whether a pattern needs nothing that simple engines lack.
fn is_plain(pattern: &Json) -> bool {
    let text = pattern.as_str().unwrap_or_default();
    let groups = text.match_indices("(?").all(|(place, _)| text[place..].starts_with("(?:"));
    let escapes = text.match_indices('\\').all(|(place, _)| {
        !text[place + 1..]
            .starts_with(|c: char| ('1'..='9').contains(&c) || matches!(c, 'k' | 'p' | 'P' | 'b' | 'B' | 'u' | 'c'))
    });
    groups && escapes
}

/// Puts the texts of a place, and what else there is to say, into a schema.
fn adopt(schema: &mut Map<String, Json>, texts: &Map<String, Json>, said: &[String]) {
    let own = schema.remove("description");
    for (name, text) in texts {
        schema.insert(name.clone(), text.clone());
    }
    let own = own.as_ref().and_then(Json::as_str).map(str::to_owned);
    let more: Vec<String> = own.into_iter().chain(said.iter().cloned()).collect();
    describe(schema, &more);
}

fn describe(schema: &mut Map<String, Json>, more: &[String]) {
    let published = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let description = described(published, more);
    if !description.is_empty() {
        schema.insert("description".to_owned(), description.into());
    }
}

/// Lets a schema of one type take null besides.
fn allow_null(schema: &mut Map<String, Json>, null: Null) {
    match null {
        Null::Never => {}
        Null::Flag => _ = schema.insert("nullable".to_owned(), true.into()),
        Null::Type => {
            let own = schema.get("type").cloned().unwrap_or_default();
            schema.insert("type".to_owned(), json!([own, "null"]));
            if let Some(Json::Array(values)) = schema.get_mut("enum") {
                values.push(Json::Null);
            }
        }
    }
}
