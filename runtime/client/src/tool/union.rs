//! Unions of a dialect: each form is one type with all that is said of it; a union that is the whole input becomes one object
//! with the fields of all forms, for no host takes a union there. Must not know hosts.

use serde_json::{Map, json};

use super::gather::gather;
use super::reduce::{At, Reducer, Shape};
use super::texts::shown;
use super::words::short;
use crate::Json;

/// The most forms that a union is offered with.
const MAX_FORMS: usize = 32;
/// Unions in unions of the whole input.
const MAX_DEPTH: usize = 8;

impl Reducer<'_> {
    /// A value with `anyOf` or `oneOf`, or both.
    pub(super) fn union(&mut self, mut keywords: Map<String, Json>, at: &At, said: &mut Vec<String>) -> Shape {
        let any = keywords.remove("anyOf");
        let one = keywords.remove("oneOf");
        if let Some(one) = &one {
            let words = if any.is_some() {
                format!("fits exactly one of {}", short(one))
            } else {
                "fits exactly one of the forms".to_owned()
            };
            self.note("oneOf", &words, at);
            said.push(words);
        }
        if keywords.remove("unevaluatedProperties").is_some() {
            said.push(self.lose("unevaluatedProperties", &Json::Bool(false), at));
        }
        let Some(Json::Array(branches)) = any.or(one) else { return Shape::Any };
        let outer = Json::Object(keywords);
        let (mut forms, mut takes_null) = (Vec::new(), false);
        for branch in &branches {
            let Some(found) = self.gather(&json!({"allOf": [outer, branch]}), at) else { continue };
            match self.shape(found, at, said) {
                Shape::Never => {}
                Shape::Any => return Shape::Any,
                Shape::Forms(more, null) => {
                    forms.extend(more);
                    takes_null |= null;
                }
            }
        }
        match forms.len() {
            0 if !takes_null => Shape::Never,
            count if count > MAX_FORMS => Shape::Any,
            _ => self.told_apart(forms, takes_null),
        }
    }

    /// The whole input as one object, whatever unions it is made of.
    pub(super) fn one_object(
        &mut self,
        mut keywords: Map<String, Json>,
        followed: &[String],
        said: &mut Vec<String>,
        depth: usize,
    ) -> Map<String, Json> {
        for keyword in ["anyOf", "oneOf"] {
            let Some(Json::Array(branches)) = keywords.remove(keyword) else { continue };
            let at = At { followed: followed.to_vec(), ..At::root() };
            let words = format!(
                "{} of these hold: {}",
                if keyword == "anyOf" { "one or more" } else { "exactly one" },
                short(&branches.iter().map(shown).collect())
            );
            self.note(keyword, &words, &at);
            said.push(words);
            let mut forms = Vec::new();
            for branch in &branches {
                let Some(found) = gather(branch, self.document, followed) else { continue };
                let followed = found.followed;
                let form = if depth < MAX_DEPTH {
                    self.one_object(found.keywords, &followed, said, depth + 1)
                } else {
                    found.keywords
                };
                forms.push(form);
            }
            spread(&mut keywords, &forms);
        }
        keywords
    }
}

/// Adds the fields of all forms to an object. One that several forms have fits one of them.
fn spread(object: &mut Map<String, Json>, forms: &[Map<String, Json>]) {
    let own = object.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
    let mut found: Map<String, Json> = Map::new();
    for (name, schema) in forms.iter().filter_map(|form| form.get("properties")?.as_object()).flatten() {
        if own.contains_key(name) {
            continue;
        }
        let entry = found.entry(name.clone()).or_insert_with(|| json!([]));
        if let Json::Array(all) = entry
            && !all.contains(schema)
        {
            all.push(schema.clone());
        }
    }
    let mut properties = own;
    for (name, schemas) in found {
        let schema = match schemas.as_array().map(Vec::as_slice) {
            Some([one]) => one.clone(),
            _ => json!({"anyOf": schemas}),
        };
        properties.insert(name, schema);
    }
    let names = |form: &Map<String, Json>| form.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
    let mut required = names(object);
    if let Some((first, others)) = forms.split_first() {
        let of_all = names(first).into_iter().filter(|name| others.iter().all(|form| names(form).contains(name)));
        let more: Vec<Json> = of_all.filter(|name| !required.contains(name)).collect();
        required.extend(more);
    }
    // Names beyond those of a form are for the whole to refuse.
    let is_closed = |form: &Map<String, Json>| form.get("additionalProperties") == Some(&Json::Bool(false));
    if !object.contains_key("additionalProperties") && !forms.is_empty() && forms.iter().all(is_closed) {
        object.insert("additionalProperties".to_owned(), false.into());
    }
    if !properties.is_empty() {
        object.insert("properties".to_owned(), properties.into());
    }
    if !required.is_empty() {
        object.insert("required".to_owned(), required.into());
    }
}
