//! All that a schema says of one value, in one object: its own keywords, those behind `$ref`, and those of all parts of
//! `allOf`. Where two parts say the same keyword, both hold; what can't be said together is kept apart. What comes out never
//! takes less than what goes in. Must not know dialects.

use serde_json::{Map, json};

use crate::Json;

/// How often one definition is opened within itself.
const TURNS: usize = 2;

/// What is said of a value.
#[derive(Default)]
pub(super) struct Gathered {
    /// The keywords, without `$ref`, `allOf` and `const`.
    pub(super) keywords: Map<String, Json>,
    /// What can't be said by them, each an object of its own.
    pub(super) beside: Vec<Map<String, Json>>,
    /// The references that were followed to come here.
    pub(super) followed: Vec<String>,
    /// What was lost on the way, as keyword and value.
    pub(super) lost: Vec<(String, Json)>,
}

/// What this schema says; `None` if it takes no value.
pub(super) fn gather(schema: &Json, document: &Json, followed: &[String]) -> Option<Gathered> {
    let mut all = Gathered { followed: followed.to_vec(), ..Gathered::default() };
    add(schema, document, &mut all).then_some(all)
}

fn add(schema: &Json, document: &Json, all: &mut Gathered) -> bool {
    let own = match schema {
        Json::Bool(takes_all) => return *takes_all,
        Json::Object(own) => own,
        _ => return true,
    };
    if let Some(rest) = clashing(own, &all.keywords) {
        // Keywords that only have their meaning together.
        all.beside.push(rest);
    } else {
        let before = all.keywords.clone();
        for (keyword, value) in own {
            match keyword.as_str() {
                "$ref" | "allOf" | "$defs" | "definitions" | "$schema" | "$comment" | "$id" => {}
                "const" => all.put("enum", &json!([value]), &before, own),
                keyword => all.put(keyword, value, &before, own),
            }
        }
    }
    if let Some(reference) = own.get("$ref").and_then(Json::as_str) {
        let turns = all.followed.iter().filter(|followed| *followed == reference).count();
        match target(reference, document).filter(|_| turns < TURNS) {
            Some(schema) => {
                all.followed.push(reference.to_owned());
                if !add(schema, document, all) {
                    return false;
                }
            }
            None => all.lost.push(("$ref".to_owned(), reference.into())),
        }
    }
    own.get("allOf").and_then(Json::as_array).into_iter().flatten().all(|part| add(part, document, all))
}

/// What a reference leads to.
fn target<'d>(reference: &str, document: &'d Json) -> Option<&'d Json> {
    let pointer = reference.strip_prefix('#')?;
    let by_name = || document.get("$defs")?.get(pointer.strip_prefix("/$defs/")?);
    document.pointer(pointer).or_else(by_name)
}

/// The keywords of a part without its parts, if they can't be added one by one.
fn clashing(part: &Map<String, Json>, to: &Map<String, Json>) -> Option<Map<String, Json>> {
    const GROUPS: [&[&str]; 2] = [
        &["prefixItems", "items", "unevaluatedItems", "contains", "minContains", "maxContains"],
        &["if", "then", "else"],
    ];
    let has = |of: &Map<String, Json>, group: &[&str]| group.iter().any(|keyword| of.contains_key(*keyword));
    let only_items = |of: &Map<String, Json>| !has(of, &["prefixItems", "unevaluatedItems", "contains"]);
    let clashes = |group: &&&[&str]| {
        has(part, group) && has(to, group) && !(group[0] == "prefixItems" && only_items(part) && only_items(to))
    };
    GROUPS.iter().any(|group| clashes(&group)).then(|| {
        let mut rest = part.clone();
        rest.retain(|keyword, _| !matches!(keyword.as_str(), "$ref" | "allOf" | "$defs"));
        rest
    })
}

impl Gathered {
    /// Adds a keyword of a part to what was there before that part.
    fn put(&mut self, keyword: &str, value: &Json, before: &Map<String, Json>, part: &Map<String, Json>) {
        let Some(own) = self.keywords.get(keyword).cloned() else {
            // It speaks of the names of its own part only.
            if matches!(keyword, "additionalProperties" | "unevaluatedProperties") && before.contains_key("properties")
            {
                self.lost.push((keyword.to_owned(), value.clone()));
            }
            self.keywords.insert(keyword.to_owned(), value.clone());
            return;
        };
        let both = if own == *value { Some(own) } else { both(keyword, &own, value) };
        match both {
            Some(both) => {
                if keyword == "properties"
                    && (before.contains_key("additionalProperties") || part.contains_key("additionalProperties"))
                {
                    self.lost.push(("additionalProperties".to_owned(), Json::Bool(false)));
                }
                self.keywords.insert(keyword.to_owned(), both);
            }
            None => self.beside.push([(keyword.to_owned(), value.clone())].into_iter().collect()),
        }
    }
}

/// One value of a keyword that says what these two do; `None` if there is none.
fn both(keyword: &str, one: &Json, other: &Json) -> Option<Json> {
    let larger = |is_larger: bool| {
        let (a, b) = (one.as_f64()?, other.as_f64()?);
        Some(if (a > b) == is_larger { one.clone() } else { other.clone() })
    };
    let list = |json: &Json| match json {
        Json::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    match keyword {
        // Texts: the outermost are about the value's place.
        "title" | "description" | "default" | "examples" => Some(one.clone()),
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => larger(true),
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => larger(false),
        "uniqueItems" => Some(true.into()),
        "items" | "additionalProperties" => Some(match (one, other) {
            (Json::Bool(false), _) | (_, Json::Bool(false)) => false.into(),
            _ => json!({"allOf": [one, other]}),
        }),
        "unevaluatedProperties" => Some(false.into()),
        "required" => {
            let mut names = list(one);
            names.extend(list(other).into_iter().filter(|name| !list(one).contains(name)));
            Some(names.into())
        }
        "properties" => {
            let mut all = one.as_object()?.clone();
            for (name, schema) in other.as_object()? {
                let merged = all.get(name).map_or_else(|| schema.clone(), |own| json!({"allOf": [own, schema]}));
                all.insert(name.clone(), merged);
            }
            Some(all.into())
        }
        "enum" => {
            let values = list(other);
            let shared: Vec<Json> = list(one).into_iter().filter(|value| values.contains(value)).collect();
            (!shared.is_empty()).then(|| shared.into())
        }
        "type" => {
            let shared = shared_types(&list(one), &list(other));
            (!shared.is_empty()).then(|| shared.into())
        }
        _ => None,
    }
}

/// The types of both lists; integers are numbers.
fn shared_types(one: &[Json], other: &[Json]) -> Vec<Json> {
    let has =
        |list: &[Json], wanted: &Json| list.contains(wanted) || *wanted == "integer" && list.contains(&"number".into());
    let mut all: Vec<Json> = one.iter().filter(|wanted| has(other, wanted)).cloned().collect();
    all.extend(other.iter().filter(|wanted| has(one, wanted) && !all.contains(wanted)).cloned().collect::<Vec<_>>());
    all
}
