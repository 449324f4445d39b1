//! Drift: a model's compiled table and its published schema in, what differs out. Titles, texts, bounds and order don't
//! count: with them the server still takes what this program sends. Keys, what is required, and types do.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::client::Client;
use super::error::{Drift, Error, KeyChange};
use crate::schema::{Field, Rule, Table, Types};
use crate::{Digest, Json, Model, ModelInfo};

/// What the catalogue says of a model that this program was compiled with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verification {
    /// It is published as this program knows it.
    Current,
    /// It is published otherwise: what this program sends may be refused, or mean something else.
    Drifted(Drift),
    /// The catalogue does not have it, or not its schema.
    NotListed,
}

impl Client {
    /// Compares a model's entry in the catalogue, which is free, with what this program was compiled with. A schema that
    /// [means](Model::DIGEST) what the types were generated from is current. Of any other, the keys of the input itself
    /// are compared, which of them are required, and their types, but for those that were corrected when the types were
    /// generated (`[types]` in `overrides.toml`); not what is inside objects and lists.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn verify<M: Model>(&self) -> Result<Verification, Error> {
        self.verify_table(M::ID, M::SCHEMA, M::DIGEST, M::OVERRIDES).await
    }

    /// The same, for a model that is chosen at run time, compiled or not.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub async fn verify_model(&self, model: &ModelInfo) -> Result<Verification, Error> {
        self.verify_table(model.id, model.schema, model.digest, model.overrides).await
    }

    async fn verify_table(
        &self,
        model_id: &str,
        table: &'static Table,
        digest: Option<Digest>,
        overrides: &str,
    ) -> Result<Verification, Error> {
        let entry = self.catalogue_entry(model_id).await?;
        let Some(published) = entry.and_then(|entry| entry.input_schema) else { return Ok(Verification::NotListed) };
        // What means the same is current, whatever was corrected when the types were generated.
        if digest == Some(Digest::of(&published)) {
            return Ok(Verification::Current);
        }
        let changes = changes(table, &published, &corrected(overrides));
        Ok(match changes.is_empty() {
            true => Verification::Current,
            false => Verification::Drifted(Drift { model_id: model_id.to_owned(), changes }),
        })
    }

    /// Refuses a model that has drifted, if this client looks models up and nobody has found this one current. A drifted
    /// one is looked up again each time.
    pub(crate) async fn verify_before_submit(
        &self,
        model_id: &'static str,
        table: &'static Table,
        digest: Option<Digest>,
        overrides: &str,
    ) -> Result<(), Error> {
        let Some(verified) = &self.inner().verified else { return Ok(()) };
        let entry = verified.entry(model_id);
        let lookup = entry.lookup();
        let _turn = lookup.lock().await;
        if entry.is_current() {
            return Ok(());
        }
        // Boxed, for it is part of every submit and done once.
        match Box::pin(self.verify_table(model_id, table, digest, overrides)).await? {
            Verification::Drifted(drift) => Err(drift.into()),
            Verification::Current => {
                entry.note_current();
                Ok(())
            }
            // It may be listed again at any time, and changed.
            Verification::NotListed => Ok(()),
        }
    }
}

/// The keys under `[types]` in a model's overrides: what is published of these fields is known to be wrong. They are written
/// one a line.
fn corrected(overrides: &str) -> HashSet<String> {
    let mut lines = overrides.lines().map(str::trim).skip_while(|line| *line != "[types]").skip(1);
    let of_types = std::iter::from_fn(|| lines.next().filter(|line| !line.starts_with('[')));
    let keys = of_types.filter(|line| !line.starts_with('#')).filter_map(|line| Some(line.rsplit_once('=')?.0.trim()));
    keys.map(|key| serde_json::from_str(key).unwrap_or_else(|_| key.trim_matches('\'').to_owned())).collect()
}

/// What differs between a table and a published schema, in the table's order, then what is new. The types of corrected
/// fields are not compared.
fn changes(table: &'static Table, published: &Json, corrected: &HashSet<String>) -> Vec<KeyChange> {
    let nothing = serde_json::Map::new();
    let properties = published.get("properties").and_then(Json::as_object).unwrap_or(&nothing);
    let required: Vec<&str> =
        published.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect();
    let moves = moves(table, properties);
    let mut changes = Vec::new();
    for field in table.fields {
        let Field { name, key, .. } = *field;
        if let Some(now) = moves.get(key) {
            changes.push(KeyChange::Moved { name, key, now: (*now).to_owned() });
            continue;
        }
        let Some(property) = properties.get(key) else {
            // What is only required, and described nowhere, has no property to lose.
            if !required.contains(&key) {
                changes.push(KeyChange::Removed { name, key });
            }
            continue;
        };
        let is_required = required.contains(&key);
        if is_required != field.required {
            changes.push(KeyChange::Required { name, key, required: is_required });
        }
        let types = types(field).filter(|_| !corrected.contains(key)).zip(published_types(property));
        if let Some((was, now)) = types.filter(|(was, now)| was != now) {
            changes.push(KeyChange::Type { name, key, was: was.to_string(), now: now.to_string() });
        }
    }
    let is_new = |key: &&String| table.field_by_key(key).is_none() && !moves.values().any(|now| now == key);
    let mut added: Vec<&String> = properties.keys().filter(is_new).collect();
    added.sort();
    let is_required = |key: &str| required.contains(&key);
    changes.extend(added.into_iter().map(|key| KeyChange::Added { key: key.clone(), required: is_required(key) }));
    changes
}

/// The fields whose title, which occurs once in the table and once in the schema, is at another key now. Other titles may
/// change at will, but one that changed places took its control with it.
fn moves<'p>(table: &'static Table, properties: &'p serde_json::Map<String, Json>) -> BTreeMap<&'static str, &'p str> {
    let mut published: HashMap<&str, Vec<&str>> = HashMap::new();
    for (key, property) in properties {
        published.entry(property.get("title").and_then(Json::as_str).unwrap_or_default()).or_default().push(key);
    }
    let alone = |field: &&Field| {
        !field.title.is_empty() && table.fields.iter().filter(|other| other.title == field.title).count() == 1
    };
    let moved = |field: &Field| match published.get(field.title)?.as_slice() {
        // A plain key is its own identity; only node ids change hands.
        [now] if *now != field.key && is_node_key(field.key) && is_node_key(now) => Some((field.key, *now)),
        _ => None,
    };
    table.fields.iter().filter(alone).filter_map(moved).collect()
}

/// Whether a key names a node of a workflow, as `56_text` does.
fn is_node_key(key: &str) -> bool {
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && matches!(key.as_bytes().get(digits), Some(b'_' | b':'))
}

/// The types of a field, if its rules name any.
fn types(field: &Field) -> Option<Types> {
    field.rules.iter().find_map(|rule| match rule {
        Rule::Type(types) => Some(*types),
        _ => None,
    })
}

/// The types that a property is published with, read as the generator reads them: in any case, with ComfyUI's names for
/// numbers. `None` for what can't be compared: unions, references, properties without a type.
fn published_types(property: &Json) -> Option<Types> {
    if ["anyOf", "oneOf", "allOf", "$ref"].iter().any(|key| property.get(key).is_some()) {
        return None;
    }
    let names = match property.get("type")? {
        Json::String(name) => vec![name.as_str()],
        Json::Array(names) => names.iter().map(Json::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    let nullable = property.get("nullable") == Some(&Json::Bool(true));
    let names = names.into_iter().chain(nullable.then_some("null"));
    names.map(type_named).reduce(|all, one| Some(all?.or(one?))).flatten()
}

fn type_named(name: &str) -> Option<Types> {
    Some(match name.to_ascii_lowercase().as_str() {
        "null" => Types::NULL,
        "boolean" => Types::BOOLEAN,
        "integer" => Types::INTEGER,
        "number" | "float" | "double" => Types::NUMBER,
        "string" => Types::STRING,
        "array" => Types::ARRAY,
        "object" => Types::OBJECT,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
