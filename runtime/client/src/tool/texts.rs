//! Schemas in pieces: their texts, what is shown of them, and null beside their type. Must not know dialects' rules.

use serde_json::{Map, json};

use super::rules::Null;
use super::words::described;
use crate::Json;

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

/// Puts the texts of a place, and what else there is to say, into a schema.
pub(super) fn adopt(schema: &mut Map<String, Json>, texts: &Map<String, Json>, said: &[String]) {
    let own = schema.remove("description");
    for (name, text) in texts {
        schema.insert(name.clone(), text.clone());
    }
    let own = own.as_ref().and_then(Json::as_str).map(str::to_owned);
    let more: Vec<String> = own.into_iter().chain(said.iter().cloned()).collect();
    describe(schema, &more);
}

/// Puts what else there is to say into a description.
pub(super) fn describe(schema: &mut Map<String, Json>, more: &[String]) {
    let published = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let description = described(published, more);
    if !description.is_empty() {
        schema.insert("description".to_owned(), description.into());
    }
}

/// Lets a schema of one type take null besides.
pub(super) fn allow_null(schema: &mut Map<String, Json>, null: Null) {
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
