//! A dialect that takes JSON Schema but references, and names that it does not like: all is kept that does not need them. Must
//! not know hosts.

use serde_json::{Map, json};

use super::gather::Gathered;
use super::keywords;
use super::name::argument_name;
use super::read::{Named, Parts, Plan};
use super::reduce::{At, MAX_VALUES, Made, Reducer};
use super::rules::Names;
use super::texts::is_text;
use super::words::{described, words};
use crate::Json;

/// Keywords that are kept to the letter or not at all, those that belong together in one group.
const TO_THE_LETTER: [&[&str]; 8] = [
    &["not"],
    &["if", "then", "else"],
    &["dependentSchemas"],
    &["dependentRequired"],
    &["patternProperties"],
    &["propertyNames"],
    &["contains", "minContains", "maxContains"],
    &["unevaluatedItems"],
];

impl Reducer<'_> {
    /// The schema of the value at this place.
    pub(super) fn wide(&mut self, schema: &Json, at: &At) -> Made {
        self.looked_at += 1;
        let Some(found) = self.gather(schema, at) else {
            return anything(json!({"not": {}}).as_object().cloned().unwrap_or_default());
        };
        if self.looked_at > MAX_VALUES {
            self.note("any", "too large to be told in full", at);
            return anything(Map::new());
        }
        self.opened(found, at)
    }

    pub(super) fn opened(&mut self, found: Gathered, at: &At) -> Made {
        let Gathered { mut keywords, beside, followed, lost } = found;
        let at = &At { followed, ..at.clone() };
        let mut said: Vec<String> = lost
            .into_iter()
            .filter(|(keyword, _)| !is_text(keyword))
            .map(|(keyword, value)| self.lose(&keyword, &value, at))
            .collect();
        self.letters(&mut keywords, at, &mut said);
        let mut plan = self.properties(&mut keywords, at);
        plan = plan.and_then(|plan| plan.merge(self.items(&mut keywords, at)));
        let mut takes_null = keywords::types(&keywords).iter().any(|name| name == "null");
        for keyword in ["anyOf", "oneOf"] {
            let Some(Json::Array(branches)) = keywords.remove(keyword) else { continue };
            let noted = self.dropped.len();
            let mut forms: Vec<Json> = Vec::new();
            for branch in &branches {
                let made = self.wide(branch, at);
                plan = plan.and_then(|plan| plan.merge(made.plan));
                takes_null |= made.takes_null;
                forms.push(made.schema.into());
            }
            // Forms that take more than they should can't be told to be the only one.
            let is_exact = keyword == "anyOf" || self.dropped.len() == noted;
            if !is_exact {
                said.push(self.lose(keyword, &Json::Null, at));
            }
            let kept = if is_exact { keyword } else { "anyOf" };
            match keywords.get(kept) {
                None => _ = keywords.insert(kept.to_owned(), forms.into()),
                Some(_) => _ = keywords.insert("allOf".to_owned(), json!([{ kept: forms }])),
            }
        }
        for part in beside {
            let made = self.wide(&part.into(), at);
            plan = plan.and_then(|plan| plan.merge(made.plan));
            match keywords.entry("allOf").or_insert_with(|| json!([])) {
                Json::Array(all) => all.push(made.schema.into()),
                other => *other = json!([made.schema]),
            }
        }
        takes_null |=
            keywords::types(&keywords).is_empty() && !keywords.contains_key("anyOf") && !keywords.contains_key("oneOf");
        self.finish(keywords, plan, takes_null, at, &said)
    }

    /// The keywords with what else there is to say; anything, if a value would not tell how it is read.
    fn finish(
        &mut self,
        mut keywords: Map<String, Json>,
        plan: Option<Plan>,
        takes_null: bool,
        at: &At,
        said: &[String],
    ) -> Made {
        let Some(plan) = plan else {
            self.note("any", "fits one of several forms", at);
            keywords.retain(|keyword, _| is_text(keyword));
            return anything(keywords);
        };
        let published = keywords.get("description").and_then(Json::as_str).unwrap_or_default();
        let description = described(published, said);
        if !description.is_empty() {
            keywords.insert("description".to_owned(), description.into());
        }
        Made { schema: keywords, plan, takes_null }
    }

    /// Keeps what is kept to the letter, if it needs no references and no other names.
    fn letters(&mut self, keywords: &mut Map<String, Json>, at: &At, said: &mut Vec<String>) {
        let own = keywords.get("properties").and_then(Json::as_object);
        let renames = own.is_some_and(|own| own.keys().any(|name| argument_name(name, self.rules.names) != *name));
        for group in TO_THE_LETTER {
            let of_names =
                matches!(group[0], "dependentSchemas" | "dependentRequired" | "patternProperties" | "propertyNames");
            let is_fit =
                |keyword: &&&str| keywords.get(**keyword).is_none_or(|value| !needs_change(value, self.rules.names));
            if !(renames && of_names) && group.iter().all(|keyword| is_fit(&keyword)) {
                continue;
            }
            for keyword in group {
                if let Some(value) = keywords.remove(*keyword) {
                    said.push(self.lose(keyword, &value, at));
                }
            }
            if group[0] == "patternProperties"
                && let Some(others) = keywords.remove("additionalProperties")
            {
                said.push(self.lose("additionalProperties", &others, at));
            }
        }
    }

    /// The properties, by names that hosts take. `None` if two of them get the same.
    fn properties(&mut self, keywords: &mut Map<String, Json>, at: &At) -> Option<Plan> {
        let mut parts = Parts::default();
        let mut is_same = true;
        let required: Vec<String> = keywords
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect();
        if let Some(Json::Object(properties)) = keywords.remove("properties") {
            let mut made = Map::new();
            for (name, schema) in &properties {
                let argument = argument_name(name, self.rules.names);
                let value = self.wide(schema, &at.within(name, &at.followed));
                let drops_null = !required.contains(name) && !value.takes_null;
                is_same &= argument == *name && value.plan == Plan::Same && !drops_null;
                parts.names.insert(argument.clone(), Named { name: name.clone(), drops_null, plan: value.plan });
                if made.insert(argument, value.schema.into()).is_some() {
                    return None;
                }
            }
            keywords.insert("properties".to_owned(), made.into());
        }
        if !required.is_empty() {
            keywords.insert(
                "required".to_owned(),
                required.iter().map(|name| argument_name(name, self.rules.names)).collect(),
            );
        }
        if let Some(others @ Json::Object(_)) = keywords.get("additionalProperties").cloned() {
            let value = self.wide(&others, &at.within("*", &at.followed));
            is_same &= value.plan == Plan::Same;
            parts.rest = value.plan;
            keywords.insert("additionalProperties".to_owned(), value.schema.into());
        }
        Some(if is_same { Plan::Same } else { Plan::Parts(Box::new(parts)) })
    }

    /// The items of a list. They are read alike, whatever their place.
    fn items(&mut self, keywords: &mut Map<String, Json>, at: &At) -> Plan {
        let inner = at.within("[]", &at.followed);
        let mut plan = Some(Plan::Same);
        if let Some(items @ Json::Object(_)) = keywords.get("items").cloned() {
            let made = self.wide(&items, &inner);
            plan = Some(made.plan);
            keywords.insert("items".to_owned(), made.schema.into());
        }
        if let Some(Json::Array(first)) = keywords.get("prefixItems").cloned() {
            let mut made_first: Vec<Json> = Vec::new();
            for item in &first {
                let made = self.wide(item, &inner);
                plan = plan.and_then(|plan| plan.merge(made.plan));
                made_first.push(made.schema.into());
            }
            keywords.insert("prefixItems".to_owned(), made_first.into());
        }
        match plan {
            Some(Plan::Same) | None => Plan::Same,
            Some(items) => Plan::Parts(Box::new(Parts { items, ..Parts::default() })),
        }
    }
}

fn anything(schema: Map<String, Json>) -> Made {
    Made { schema, plan: Plan::Same, takes_null: true }
}

/// Whether a schema that is kept to the letter has references, or names that hosts do not take.
fn needs_change(schema: &Json, letters: Names) -> bool {
    match schema {
        Json::Object(keywords) => keywords.iter().any(|(keyword, value)| {
            let names: Vec<&str> = match (keyword.as_str(), value) {
                ("$ref", _) => return true,
                ("properties" | "dependentRequired" | "dependentSchemas", Json::Object(names)) => {
                    names.keys().map(String::as_str).collect()
                }
                ("required", Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
                _ => Vec::new(),
            };
            names.iter().any(|name| argument_name(name, letters) != **name) || needs_change(value, letters)
        }),
        Json::Array(parts) => parts.iter().any(|part| needs_change(part, letters)),
        _ => false,
    }
}

/// What is said of a whole input beside its object, in words.
pub(super) fn beside(parts: &[Map<String, Json>]) -> Vec<(String, String)> {
    let keywords = parts.iter().flatten().filter(|(keyword, _)| !is_text(keyword));
    keywords.map(|(keyword, value)| (keyword.clone(), words(keyword, value))).collect()
}
