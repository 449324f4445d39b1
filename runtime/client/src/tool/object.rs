//! Objects of a dialect: which properties there are, which may be left out, and what of other names. Must not know hosts.

use serde_json::Map;

use super::keywords::OF_OBJECTS;
use super::name::argument_name;
use super::read::{Named, Parts, Plan};
use super::reduce::{At, Form, Reducer};
use super::rules::{Null, Optional};
use crate::Json;

impl Reducer<'_> {
    /// An object. `None` if the dialect can't describe it: a map, or two names that hosts can't tell apart.
    pub(super) fn object(&mut self, keywords: &Map<String, Json>, at: &At, said: &mut Vec<String>) -> Option<Form> {
        let is_root = at.path.is_empty();
        let mut properties = keywords.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
        let required: Vec<&str> =
            keywords.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
        for name in &required {
            properties.entry((*name).to_owned()).or_insert(Json::Bool(true));
        }
        let others = Self::others(keywords);
        let has_patterns = keywords.contains_key("patternProperties");
        let is_closed = others == Json::Bool(false) && !has_patterns;
        let has_values = others.as_object().is_some_and(|others| !others.is_empty());
        if !is_root {
            let is_map = properties.is_empty() && (!is_closed || !self.rules.has_empty_objects);
            if is_map || has_values && self.rules.closed {
                return None;
            }
        }
        let mut parts = Parts::default();
        let mut made: Map<String, Json> = Map::new();
        let mut needed: Vec<Json> = Vec::new();
        for (name, schema) in &properties {
            if *schema == Json::Bool(false) {
                if !is_closed && !self.rules.closed {
                    said.push(format!("`{name}` is not allowed"));
                    self.note("false", &format!("`{name}` is not allowed"), at);
                }
                continue;
            }
            let (argument, is_needed) =
                self.property(name, schema, required.contains(&name.as_str()), at, (&mut made, &mut parts))?;
            if is_needed {
                needed.push(argument.into());
            }
        }
        let mut schema: Map<String, Json> = [("type".to_owned(), "object".into())].into_iter().collect();
        if !made.is_empty() || self.rules.has_empty_objects {
            schema.insert("properties".to_owned(), made.into());
        }
        if !needed.is_empty() || self.rules.closed {
            schema.insert("required".to_owned(), needed.into());
        }
        self.close(&others, is_closed, &mut schema, at, said);
        let rest: Vec<&str> = OF_OBJECTS
            .iter()
            .copied()
            .filter(|keyword| {
                !matches!(*keyword, "properties" | "required" | "additionalProperties" | "unevaluatedProperties")
            })
            .collect();
        self.keep(&rest, keywords, &mut schema, at, said);
        let is_same = parts.absent.is_empty()
            && parts
                .names
                .iter()
                .all(|(argument, named)| *argument == named.name && !named.drops_null && named.plan == Plan::Same);
        Some(Form { schema, plan: if is_same { Plan::Same } else { Plan::Parts(Box::new(parts)) } })
    }

    /// Adds a property; `None` if its name in arguments is another's too.
    fn property(
        &mut self,
        name: &str,
        schema: &Json,
        is_required: bool,
        at: &At,
        (made, parts): (&mut Map<String, Json>, &mut Parts),
    ) -> Option<(String, bool)> {
        let argument = argument_name(name, self.rules.names);
        let or_null = !is_required && self.rules.optional != Optional::LeftOut;
        let value = self.value(schema, &at.within(name, &at.followed), or_null);
        if made.insert(argument.clone(), value.schema.into()).is_some() {
            return None;
        }
        // Null can't be said: the property is left out instead.
        let is_null_by_absence =
            is_required && value.takes_null && self.rules.null == Null::Never && value.plan != Plan::Text;
        if is_null_by_absence {
            parts.absent.push(name.to_owned());
        }
        let named = Named { name: name.to_owned(), drops_null: !is_required, plan: value.plan };
        parts.names.insert(argument.clone(), named);
        let is_needed = is_required && !is_null_by_absence || self.rules.optional == Optional::Null;
        Some((argument, is_needed))
    }

    /// The schema of values under names that are not listed.
    fn others(keywords: &Map<String, Json>) -> Json {
        let own = keywords.get("additionalProperties").or_else(|| keywords.get("unevaluatedProperties"));
        own.cloned().unwrap_or(Json::Bool(true))
    }

    /// Says what of other names, if the dialect can.
    fn close(
        &mut self,
        others: &Json,
        is_closed: bool,
        schema: &mut Map<String, Json>,
        at: &At,
        said: &mut Vec<String>,
    ) {
        if self.rules.closed {
            schema.insert("additionalProperties".to_owned(), false.into());
            if !is_closed {
                self.note("additionalProperties", "no other names are offered", at);
            }
        } else if *others != Json::Bool(true) {
            let words = self.lose("additionalProperties", others, at);
            // That nothing else is known goes without saying.
            if *others != Json::Bool(false) {
                said.push(words);
            }
        }
    }
}
