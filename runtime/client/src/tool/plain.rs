//! Values without unions in a dialect: one form for each type that a value may have. Must not know hosts.

use serde_json::{Map, json};

use super::keywords;
use super::read::{Parts, Plan};
use super::reduce::{At, Form, Reducer, Shape};
use super::rules::Null;
use super::words::range;
use crate::Json;

impl Reducer<'_> {
    /// A value of these types.
    pub(super) fn plain(&mut self, keywords: &Map<String, Json>, at: &At, said: &mut Vec<String>) -> Shape {
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
            let is_fine = match *keyword {
                "pattern" => self.rules.has_all_patterns || is_plain(value),
                // Counts are whole numbers of 64 bits with a sign, for some hosts.
                "minLength" | "maxLength" | "minItems" | "maxItems" => value.as_i64().is_some(),
                _ => true,
            };
            let is_said = is_fine && self.rules.takes(keyword);
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
            let said = self.show(&items, &inner).into_iter().collect();
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
