//! typify's reading of a schema. It runs in a thread of its own, for it recurses deeply and panics on what it does not know;
//! either way what it said is an answer. Must not know our representation.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use serde_json::{Value, json};
use typify::{TypeDetails, TypeEnumVariant, TypeId, TypeSpace, TypeSpaceSettings};

use super::encode::{Texts, encode};
use super::reading::{Property, Reading};

/// typify recurses over its input.
const STACK: usize = 64 << 20;

const THREAD: &str = "second opinion";

/// What typify makes of a schema.
pub(super) struct Theirs {
    pub(super) reading: Reading,
    /// The properties of the whole that it could not read, with what it said.
    pub(super) unread: Vec<(String, String)>,
}

/// Runs `work` in the thread for typify, whose panics are not shown.
pub(super) fn in_thread<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    // Once and for good: the panics of all other threads are passed on.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(THREAD) {
                shown(panic);
            }
        }));
    });
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn_scoped(scope, work);
        thread.ok().and_then(|thread| thread.join().ok())
    })
}

/// Reads a schema as a whole, else property by property.
pub(super) fn read(schema: &Value) -> Theirs {
    let whole = match attempt(schema) {
        Ok(reading) => return Theirs { reading, unread: Vec::new() },
        Err(why) => why,
    };
    let (mut properties, mut unread) = (BTreeMap::new(), Vec::new());
    for (key, part) in schema["properties"].as_object().into_iter().flatten() {
        let mut alone = schema.clone();
        alone["properties"] = json!({ key.clone(): part });
        let required = schema["required"].as_array().is_some_and(|keys| keys.contains(&json!(key)));
        alone["required"] = if required { json!([key]) } else { json!([]) };
        match attempt(&alone) {
            Ok(Reading::Object(one)) => properties.extend(one),
            Ok(other) => unread.push((key.clone(), format!("typify reads {other}"))),
            Err(why) => unread.push((key.clone(), why)),
        }
    }
    if properties.is_empty() {
        return Theirs { reading: Reading::Again, unread: vec![(String::new(), whole)] };
    }
    Theirs { reading: Reading::Object(properties), unread }
}

fn attempt(schema: &Value) -> Result<Reading, String> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut texts = Texts::default();
        let encoded = encode(schema, &mut texts);
        let root = serde_json::from_value(encoded).map_err(|error| error.to_string())?;
        let mut space = TypeSpace::new(&TypeSpaceSettings::default());
        let id = space.add_root_schema(root).map_err(|error| error.to_string())?;
        let id = id.ok_or("typify makes no type of it")?;
        Ok(Reader { space: &space, texts: &texts, inside: Vec::new() }.reading(&id))
    }))
    .unwrap_or_else(|panic| {
        let said =
            panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(said.unwrap_or_default())
    })
    .map_err(|why: String| format!("typify can't read this: {}", why.lines().next().unwrap_or_default()))
}

struct Reader<'t> {
    space: &'t TypeSpace,
    texts: &'t Texts,
    /// The types that are being read.
    inside: Vec<TypeId>,
}

impl Reader<'_> {
    fn reading(&mut self, id: &TypeId) -> Reading {
        if self.inside.contains(id) {
            return Reading::Again;
        }
        let Ok(found) = self.space.get_type(id) else { return Reading::Any };
        self.inside.push(id.clone());
        let reading = match found.details() {
            TypeDetails::Struct(of) => {
                let properties =
                    of.properties_info().map(|property| (property.name, property.required, property.type_id));
                self.object(properties.collect())
            }
            TypeDetails::Enum(of) => {
                let forms: Vec<_> =
                    of.variants_info().map(|variant| self.form(variant.name, variant.details)).collect();
                Reading::union(forms)
            }
            TypeDetails::Newtype(of) => self.reading(&of.inner()),
            TypeDetails::Option(inner) => self.reading(&inner).nullable(),
            TypeDetails::Box(inner) => self.reading(&inner),
            TypeDetails::Vec(items) | TypeDetails::Set(items) => Reading::List(self.reading(&items).into()),
            TypeDetails::Array(items, count) => Reading::Tuple(vec![self.reading(&items); count]),
            TypeDetails::Map(_, values) => Reading::Map(self.reading(&values).into()),
            TypeDetails::Tuple(parts) => Reading::Tuple(parts.map(|part| self.reading(&part)).collect()),
            TypeDetails::Unit => Reading::Scalar("null"),
            TypeDetails::String => Reading::Scalar("string"),
            TypeDetails::Builtin(name) => builtin(name),
        };
        self.inside.pop();
        reading
    }

    fn object(&mut self, properties: Vec<(&str, bool, TypeId)>) -> Reading {
        let mut known = BTreeMap::new();
        let mut forms = Vec::new();
        for (name, required, id) in properties {
            if let Some(key) = self.texts.text(name) {
                known.insert(key.to_owned(), Property { required, reading: self.reading(&id) });
            } else if name.starts_with("subtype_") {
                // Forms that may be there at once, as parts of one object.
                forms.push(self.reading(&id));
            }
        }
        if forms.is_empty() { Reading::object(known) } else { Reading::union(forms) }
    }

    fn form(&mut self, name: &str, details: TypeEnumVariant<'_>) -> Reading {
        match details {
            TypeEnumVariant::Simple => match self.texts.text(name) {
                Some(value) => Reading::Values([value.to_owned()].into()),
                None => Reading::Scalar("null"),
            },
            TypeEnumVariant::Tuple(parts) => match parts.as_slice() {
                [one] => self.reading(one).without_tags(),
                many => Reading::Tuple(many.iter().map(|part| self.reading(part)).collect()),
            },
            TypeEnumVariant::Struct(properties) => {
                let is_optional = |id: &TypeId| {
                    matches!(self.space.get_type(id).map(|of| matches!(of.details(), TypeDetails::Option(_))), Ok(true))
                };
                let properties = properties.into_iter().map(|(name, id)| (name, !is_optional(&id), id)).collect();
                self.object(properties).without_tags()
            }
        }
    }
}

fn builtin(name: &str) -> Reading {
    match name {
        "bool" => Reading::Scalar("boolean"),
        "f32" | "f64" => Reading::Scalar("number"),
        _ if name.starts_with("::serde_json::Map") => Reading::Map(Reading::Any.into()),
        _ if name.starts_with("::serde_json") => Reading::Any,
        // `i64`, `u8`, `::std::num::NonZeroU64`
        _ => Reading::Scalar("integer"),
    }
}
