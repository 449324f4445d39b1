//! What a server says about single fields of an input, in the forms that were seen. In: JSON of an error. Out: field and
//! message. Must not know the rest of the error.

use std::fmt;

use crate::Json;
use crate::schema::{Rule, Table};
use crate::text::Plain;

/// What the server says about one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The wire keys that lead to it; none where the server does not say which field it means.
    path: Vec<String>,
    /// The readable names that lead to it, as far as they are known.
    name: Option<String>,
    message: String,
}

impl FieldError {
    /// The field's readable name, as in `steps` or `loras.0.path`; its wire key where the model's table is not known; empty
    /// where the server does not say which field it means.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.wire_key())
    }

    /// The field's key on the wire, the outermost where it is nested.
    #[must_use]
    pub fn wire_key(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// What the server says about it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Reads a list of them, or an object whose keys are the fields.
    pub(crate) fn list(json: &Json) -> Vec<Self> {
        match json {
            Json::Array(items) => items.iter().filter_map(Self::item).collect(),
            Json::Object(entries) => entries
                .iter()
                .filter(|(_, said)| said.is_array())
                .filter_map(|(key, said)| {
                    let texts: Option<Vec<&str>> = said.as_array()?.iter().map(Json::as_str).collect();
                    Self::new(vec![key.clone()], &texts?.join(", "))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn item(json: &Json) -> Option<Self> {
        if let Json::String(message) = json {
            return Self::new(Vec::new(), message);
        }
        let place = ["path", "loc", "field", "pointer", "instance_path"].iter().find_map(|key| json.get(key));
        let message =
            ["message", "msg", "error", "reason", "description"].iter().find_map(|key| json.get(key)?.as_str())?;
        let path: Vec<String> = match place.unwrap_or(&Json::Null) {
            Json::String(pointer) if pointer.starts_with('/') => {
                pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
            }
            Json::String(path) if path.is_empty() => Vec::new(),
            Json::String(path) => path.split('.').map(str::to_owned).collect(),
            Json::Array(parts) => {
                parts.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect()
            }
            _ => Vec::new(),
        };
        let is_root = |part: &String| matches!(part.as_str(), "body" | "$");
        let skipped = usize::from(path.len() > 1 && path.first().is_some_and(is_root));
        Self::new(path.into_iter().skip(skipped).collect(), message)
    }

    fn new(path: Vec<String>, message: &str) -> Option<Self> {
        let path = if path.iter().all(String::is_empty) { Vec::new() } else { path };
        (!message.is_empty()).then(|| Self { path, name: None, message: message.to_owned() })
    }

    /// Finds the readable name in a model's table.
    pub(crate) fn find_name(&mut self, table: &'static Table) {
        let mut table = Some(table);
        let named = self.path.iter().map(|part| {
            let field = table.and_then(|table| table.field_by_key(part));
            if let Some(field) = field {
                table = nested(field.rules);
            }
            field.map_or(part.as_str(), |field| field.name)
        });
        self.name = Some(named.collect::<Vec<_>>().join("."));
    }

    pub(crate) fn hide(&mut self, hide: impl Fn(String) -> String) {
        self.message = hide(std::mem::take(&mut self.message));
        for part in &mut self.path {
            *part = hide(std::mem::take(part));
        }
    }
}

/// The table of the objects that a field holds, also as items of a list.
fn nested(rules: &'static [Rule]) -> Option<&'static Table> {
    rules.iter().find_map(|rule| match rule {
        Rule::Properties(table) => Some(table.get()),
        Rule::Items(rules) => nested(rules),
        _ => None,
    })
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.clone().unwrap_or_else(|| self.path.join("."));
        match name.as_str() {
            "" => write!(f, "{}", Plain(&self.message)),
            name => write!(f, "{}: {}", Plain(name), Plain(&self.message)),
        }
    }
}
