//! Fragments with readable names. In: the text of a fragment, which has wire keys. Out: the same rules for stored inputs.
//! Must not know the rules of tables.

use schemars::SchemaGenerator;
use serde_json::Map;

use super::spelling::Spelling;
use crate::Json;

/// Where a fragment keeps what its references lead to: under a name, or under `#` and the pointer into the published schema.
const DEFINITIONS: &str = "#/$defs/";

/// Keywords about names that no table lists; they have no meaning where names are others than the keys.
const ABOUT_NAMES: [&str; 2] = ["patternProperties", "propertyNames"];

/// The fragment as a schema; nothing if it is none. What it refers to becomes definitions of the type's.
pub(super) fn readable(
    text: &str,
    spelling: Spelling<'_>,
    type_name: &str,
    generator: &mut SchemaGenerator,
) -> Option<Json> {
    let mut fragment: Map<String, Json> = serde_json::from_str(text).ok()?;
    let document = Document { at: definition(generator, &format!("{type_name}.")) };
    if let Some(Json::Object(found)) = fragment.remove("$defs") {
        for (name, schema) in found {
            let readable = document.schema(&schema, spelling_at(spelling, &name));
            generator.definitions_mut().entry(format!("{type_name}.{name}")).or_insert(readable);
        }
    }
    Some(document.schema(&fragment.into(), spelling))
}

/// Where a definition of this name is found.
pub(super) fn definition(generator: &SchemaGenerator, name: &str) -> String {
    let path = generator.settings().definitions_path.trim_start_matches('#').trim_end_matches('/');
    format!("#{path}/{name}")
}

/// The spelling of a definition; by the place in the document where it stands, if it has one.
fn spelling_at<'r>(document: Spelling<'r>, name: &str) -> Spelling<'r> {
    let Some(pointer) = name.strip_prefix('#') else { return Spelling::UNKNOWN };
    let (mut spelling, mut before) = (document, "");
    for part in pointer.split('/').skip(1) {
        match before {
            "properties" => spelling = spelling.of_field(part),
            _ if part == "items" => spelling = spelling.of_item(usize::MAX),
            _ => {}
        }
        before = if before == "properties" { "" } else { part };
    }
    spelling
}

/// Where the definitions of a fragment are, but for their names.
struct Document {
    at: String,
}

impl Document {
    fn schema(&self, schema: &Json, spelling: Spelling<'_>) -> Json {
        let Json::Object(keywords) = schema else { return schema.clone() };
        let is_lost = spelling.renames() && ABOUT_NAMES.iter().any(|keyword| keywords.contains_key(*keyword));
        let mut readable = Map::new();
        for (keyword, value) in keywords {
            let value = match keyword.as_str() {
                "patternProperties" | "propertyNames" | "additionalProperties" | "unevaluatedProperties" if is_lost => {
                    continue;
                }
                "properties" => self.named(value, |key| (spelling.name(key), spelling.of_field(key))),
                "dependentSchemas" => self.named(value, |key| (spelling.name(key), spelling)),
                "patternProperties" | "$defs" | "definitions" => self.named(value, |key| (key, Spelling::UNKNOWN)),
                "required" => names(value, spelling),
                "dependentRequired" => {
                    let each = value.as_object().into_iter().flatten();
                    Json::Object(
                        each.map(|(key, list)| (spelling.name(key).to_owned(), names(list, spelling))).collect(),
                    )
                }
                "allOf" | "anyOf" | "oneOf" => self.list(value, |_| spelling),
                "prefixItems" => self.list(value, |index| spelling.of_item(index)),
                "not" | "if" | "then" | "else" => self.schema(value, spelling),
                "items" | "contains" | "unevaluatedItems" => self.schema(value, spelling.of_item(usize::MAX)),
                "additionalProperties" | "unevaluatedProperties" | "propertyNames" => {
                    self.schema(value, Spelling::UNKNOWN)
                }
                "const" => spelling.value(value),
                "enum" => value.as_array().into_iter().flatten().map(|value| spelling.value(value)).collect(),
                "$ref" => self.reference(value),
                _ => value.clone(),
            };
            readable.insert(keyword.clone(), value);
        }
        readable.into()
    }

    fn named<'k>(&self, schemas: &'k Json, of: impl Fn(&'k str) -> (&'k str, Spelling<'k>)) -> Json {
        let each = schemas.as_object().into_iter().flatten();
        let renamed = each.map(|(key, schema)| {
            let (name, spelling) = of(key);
            (name.to_owned(), self.schema(schema, spelling))
        });
        Json::Object(renamed.collect())
    }

    fn list<'s>(&self, schemas: &Json, of: impl Fn(usize) -> Spelling<'s>) -> Json {
        let each = schemas.as_array().into_iter().flatten().enumerate();
        each.map(|(index, schema)| self.schema(schema, of(index))).collect()
    }

    /// A reference to a definition, which has the type's name before its own.
    fn reference(&self, target: &Json) -> Json {
        match target.as_str().and_then(|target| target.strip_prefix(DEFINITIONS)) {
            Some(name) => format!("{}{name}", self.at).into(),
            None => target.clone(),
        }
    }
}

fn names(keys: &Json, spelling: Spelling<'_>) -> Json {
    let each = keys.as_array().into_iter().flatten();
    each.map(|key| key.as_str().map_or_else(|| key.clone(), |key| spelling.name(key).into())).collect()
}
