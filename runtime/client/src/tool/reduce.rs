//! A JSON Schema in, the same in one dialect out, with the way back. What comes out takes all that goes in; what it can't say
//! is noted, and goes into descriptions. Here: values of one place. Must not know hosts.

use serde_json::Map;

use super::apart::begin_apart;
use super::gather::{Gathered, gather};
use super::keywords::{self, OF_ALL};
use super::read::Plan;
use super::rules::{Null, Rules};
use super::texts::{adopt, allow_null, describe, is_text, shown};
use super::words::{short, words};
use super::{Dropped, JSON_TEXT};
use crate::Json;

/// How many values are looked at; those beyond may be anything.
pub(super) const MAX_VALUES: usize = 20_000;

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
        if let Shape::Forms(forms, takes_null) = shape
            && !forms.is_empty()
        {
            return self.rendered(forms, takes_null, or_null, texts, &said);
        }
        // What was lost within it is within what is shown of it.
        self.dropped.truncate(noted);
        said.truncate(told);
        said.extend(self.show(schema, at));
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
    pub(super) fn show(&mut self, schema: &Json, at: &At) -> Option<String> {
        let shown = shown(schema);
        let says_something = shown.as_object().is_none_or(|keywords| !keywords.is_empty());
        says_something.then(|| {
            let words = format!("the value fits {}", short(&shown));
            self.note("any", &words, at);
            words
        })
    }

    /// Any value; as JSON text, where the dialect has no other way.
    pub(super) fn any(&mut self, mut texts: Map<String, Json>, mut said: Vec<String>, or_null: bool) -> Made {
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

    /// The forms, if a value tells how it is read; and null, if it can be said beside them.
    pub(super) fn told_apart(&self, forms: Vec<Form>, takes_null: bool) -> Shape {
        let mut kept: Vec<Form> = Vec::new();
        for form in forms {
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
        if self.rules.begin_apart && !begin_apart(kept.iter_mut().map(|form| &mut form.schema)) {
            return Shape::Any;
        }
        Shape::Forms(kept, takes_null)
    }
}
