//! The way back: arguments as a language model sends them in, an input with readable names out. Undoes what a dialect made
//! of names, of fields that are left out, and of values that it can't describe. Checks nothing, and must not know dialects.

use std::collections::BTreeMap;

use serde_json::Map;

use crate::Json;

/// How the value of one place is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Plan {
    /// As it is.
    #[default]
    Same,
    /// It is JSON text.
    Text,
    /// Part by part.
    Parts(Box<Parts>),
}

/// How the parts of a value are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts {
    /// Properties, by the names in arguments.
    pub(super) names: BTreeMap<String, Named>,
    /// Required properties that are null when they are left out.
    pub(super) absent: Vec<String>,
    /// Properties of other names.
    pub(super) rest: Plan,
    /// Items of a list.
    pub(super) items: Plan,
}

/// How a property is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Its name in inputs.
    pub(super) name: String,
    /// Whether null says that it is left out.
    pub(super) drops_null: bool,
    pub(super) plan: Plan,
}

impl Plan {
    /// Reads a value.
    pub(super) fn read(&self, value: &Json) -> Json {
        match (self, value) {
            (Self::Text, Json::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
            (Self::Parts(parts), Json::Object(entries)) => parts.object(entries).into(),
            (Self::Parts(parts), Json::Array(items)) => items.iter().map(|item| parts.items.read(item)).collect(),
            _ => value.clone(),
        }
    }

    /// The plan of a value that may have either form; `None` if the value does not tell which.
    pub(super) fn merge(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Text, Self::Text) => Some(Self::Text),
            (Self::Text, _) | (_, Self::Text) => None,
            (Self::Same, plan) | (plan, Self::Same) => Some(plan),
            (Self::Parts(one), Self::Parts(other)) => Some(Self::Parts(Box::new(one.merge(*other)?))),
        }
    }
}

impl Parts {
    fn object(&self, entries: &Map<String, Json>) -> Map<String, Json> {
        let mut object = Map::new();
        for (name, value) in entries {
            match self.names.get(name) {
                Some(named) if named.drops_null && value.is_null() => {}
                Some(named) => _ = object.insert(named.name.clone(), named.plan.read(value)),
                None => _ = object.insert(name.clone(), self.rest.read(value)),
            }
        }
        for name in &self.absent {
            object.entry(name.clone()).or_insert(Json::Null);
        }
        object
    }

    fn merge(mut self, other: Self) -> Option<Self> {
        if self.absent != other.absent {
            return None;
        }
        for (name, named) in other.names {
            let merged = match self.names.remove(&name) {
                None => named,
                Some(own) if (&own.name, own.drops_null) == (&named.name, named.drops_null) => {
                    Named { plan: own.plan.merge(named.plan)?, ..named }
                }
                Some(_) => return None,
            };
            self.names.insert(name, merged);
        }
        Some(Self { rest: self.rest.merge(other.rest)?, items: self.items.merge(other.items)?, ..self })
    }
}
