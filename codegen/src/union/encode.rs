//! A plan in, typify's output for it out. typify never sees a published string: types, keys and values go in as tokens
//! (`T0`, `p0x1x2`, `v3`), so that no name can clash, panic or be cleaned up there. Must not know the names in the plan.

use std::cell::Cell;
use std::sync::Once;

use schemars_08::schema::{InstanceType, Schema, SchemaObject};
use serde_json::{Map, Value, json};
use typify::{TypeSpace, TypeSpaceImpl, TypeSpaceSettings};

use super::plan::{Body, Fields, Plan, Type};
use super::shape::Media;

/// typify recurses over its input.
const STACK: usize = 64 << 20;

/// Stands for the type of a definition.
pub(super) fn type_token(definition: usize) -> String {
    format!("T{definition}")
}

/// The definition that a type token stands for.
pub(super) fn type_of_token(token: &str) -> Option<usize> {
    token.strip_prefix('T')?.parse().ok()
}

/// Stands for the key of a field; `branch` is 0 outside tagged unions.
pub(super) fn key_token(definition: usize, branch: usize, field: usize) -> String {
    format!("p{definition}x{branch}x{field}")
}

/// Stands for the key that tells the branches of a tagged union apart.
pub(super) fn tag_token(definition: usize) -> String {
    format!("p{definition}")
}

/// A required key that every branch of a tagged union gets beside its own, a different one each, to be taken away
/// again. Without it typify would make adjacently tagged enums of branches that have one more key than the tag, and unit
/// variants of those that have none: serde lets those lose unknown keys in spite of `deny_unknown_fields`.
pub(super) fn padding_token(definition: usize, branch: usize) -> String {
    format!("q{definition}x{branch}")
}

/// Stands for a value of a choice, or for that of a tag.
pub(super) fn value_token(value: usize) -> String {
    format!("v{value}")
}

/// The name of the client's type.
pub(super) fn media_type(kind: Media) -> &'static str {
    match kind {
        Media::Image => "ImageInput",
        Media::Video => "VideoInput",
        Media::Audio => "AudioInput",
    }
}

/// The source text that typify writes for the plan's definitions.
///
/// # Errors
/// What typify says, or panics with.
pub(super) fn typify(plan: &Plan) -> Result<String, String> {
    let schemas = definitions(plan)?;
    let run = move || {
        QUIET.set(true);
        let mut space = TypeSpace::new(&settings());
        space.add_ref_types(schemas).map_err(|error| error.to_string())?;
        Ok(space.to_stream().to_string())
    };
    hush();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).map_err(|error| error.to_string())?;
    thread.join().unwrap_or_else(|panic| Err(panic_text(panic.as_ref())))
}

thread_local! {
    /// Whether this thread's panics are answers, not news.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Puts a panic hook in front of the present one, once and for good, that passes over [`QUIET`] threads only.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let news = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                news(panic);
            }
        }));
    });
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("typify panicked: {}", text.unwrap_or("without a message"))
}

fn settings() -> TypeSpaceSettings {
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    for kind in [Media::Image, Media::Video, Media::Audio] {
        let name = media_type(kind);
        let no_impls = std::iter::empty::<TypeSpaceImpl>();
        settings.with_replacement(name, format!("::runcomfy_client::{name}"), no_impls);
    }
    settings
}

/// All definitions by token, and those that the client's types take the place of.
fn definitions(plan: &Plan) -> Result<Vec<(String, Schema)>, String> {
    let replaced = [Media::Image, Media::Video, Media::Audio].map(|kind| {
        let text = SchemaObject { instance_type: Some(InstanceType::String.into()), ..SchemaObject::default() };
        (media_type(kind).to_owned(), Schema::Object(text))
    });
    let mut schemas = Vec::from(replaced);
    for (at, definition) in plan.definitions.iter().enumerate() {
        let schema = serde_json::from_value(body(at, &definition.body)).map_err(|error| error.to_string())?;
        schemas.push((type_token(at), schema));
    }
    Ok(schemas)
}

fn body(at: usize, body: &Body) -> Value {
    match body {
        Body::Choice(tags) => {
            let values: Vec<String> = (0..tags.len()).map(value_token).collect();
            json!({"type": "string", "enum": values})
        }
        Body::Struct(fields) => object(at, 0, fields, Map::new()),
        Body::Untagged(variants) => {
            let branches: Vec<Value> = variants.iter().map(|(_, ty)| schema(ty)).collect();
            json!({"oneOf": branches})
        }
        Body::Tagged { variants, .. } => {
            let branches: Vec<Value> = variants
                .iter()
                .enumerate()
                .map(|(branch, (_, fields))| {
                    let tag = json!({"type": "string", "enum": [value_token(branch)]});
                    let padding = (padding_token(at, branch), schema(&Type::Bool));
                    object(at, branch, fields, Map::from_iter([(tag_token(at), tag), padding]))
                })
                .collect();
            json!({"oneOf": branches})
        }
    }
}

/// The schema of an object: `properties`, which are required, and the fields. A field that may be left out may be null
/// here, so that typify makes an `Option` of lists and maps too, whose emptiness it would take for absence.
fn object(at: usize, branch: usize, fields: &Fields, mut properties: Map<String, Value>) -> Value {
    let mut required: Vec<String> = properties.keys().cloned().collect();
    for (index, field) in fields.fields.iter().enumerate() {
        let token = key_token(at, branch, index);
        let value = schema(&field.ty);
        if field.required {
            required.push(token.clone());
            properties.insert(token, value);
        } else if matches!(field.ty, Type::Nullable(_)) {
            properties.insert(token, value);
        } else {
            properties.insert(token, json!({"oneOf": [value, {"type": "null"}]}));
        }
    }
    let rest = fields.rest.as_ref().map_or(Value::Bool(false), schema);
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": rest})
}

fn schema(ty: &Type) -> Value {
    match ty {
        Type::Json => json!({}),
        Type::Bool => json!({"type": "boolean"}),
        Type::Integer => json!({"type": "integer"}),
        Type::Number => json!({"type": "number"}),
        Type::Text => json!({"type": "string"}),
        Type::Media(kind) => json!({"$ref": format!("#/definitions/{}", media_type(*kind))}),
        Type::List(items) => json!({"type": "array", "items": schema(items)}),
        Type::Map(values) => json!({"type": "object", "additionalProperties": schema(values)}),
        Type::Nullable(inner) => json!({"oneOf": [schema(inner), {"type": "null"}]}),
        Type::Named(definition) => {
            json!({"$ref": format!("#/definitions/{}", type_token(*definition))})
        }
    }
}
