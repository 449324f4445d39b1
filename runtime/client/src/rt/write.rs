//! Writers: values → JSON for the server, values → any serde format, values → `Debug`. What is absent is not written.
//! Must not check: any value can be written, so that an invalid input can be stored and looked at.

use std::fmt;

use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};

use super::table::{Field, Table};
use super::value::{Entries, Extra, List, Object, Value};
use crate::Json;
use crate::text::Quoted;

/// The object with its wire keys, `extra` among them; where both have a key, the field wins. Floats that are not
/// finite become null, which `check` refuses.
pub fn to_wire(object: &dyn Object) -> Json {
    let mut wire = object.extra().cloned().unwrap_or_default();
    object.look(|table, values| {
        wire.extend(present(table, values).map(|(field, value)| (field.key.to_owned(), wire_value(value))));
    });
    Json::Object(wire)
}

/// The fields that are set, and those that must be, with their values.
pub(crate) fn present<'a>(
    table: &'a Table,
    values: &'a [Value<'a>],
) -> impl Iterator<Item = (&'static Field, Value<'a>)> {
    let fields = table.fields.iter().zip(values);
    fields.filter(|(field, value)| field.required || !value.is_absent()).map(|(field, value)| (field, *value))
}

/// A value as the server gets it.
pub(crate) fn wire_value(value: Value<'_>) -> Json {
    match value {
        Value::Absent | Value::Null => Json::Null,
        Value::Bool(bool) => bool.into(),
        Value::Int(int) => int.into(),
        Value::UInt(int) => int.into(),
        Value::Float(float) => float.into(),
        Value::Str(text) | Value::Media(_, text) => text.into(),
        Value::List(list) => items(list).map(wire_value).collect(),
        Value::Object(object) => to_wire(object),
        Value::Map(map) => {
            let mut object = Extra::new();
            map.each(&mut |name, value| {
                object.insert(name.to_owned(), wire_value(value));
            });
            Json::Object(object)
        }
        Value::Json(json) => json.clone(),
    }
}

fn items(list: &dyn List) -> impl Iterator<Item = Value<'_>> {
    (0..list.count()).map(|index| list.item(index))
}

/// Writes the object with its readable names; `extra` under its own name if there is anything in it, or, where the
/// table is open, among the others.
///
/// # Errors
/// Those of the format, and one that names the field for a float that is not finite.
pub fn serialize_object<S: Serializer>(object: &dyn Object, serializer: S) -> Result<S::Ok, S::Error> {
    let mut result = None;
    let mut serializer = Some(serializer);
    object.values(&mut |values| {
        if let Some(serializer) = serializer.take() {
            result = Some(serialize_fields(object, values, serializer));
        }
    });
    result.unwrap_or_else(|| Err(S::Error::custom("the object shows no values")))
}

fn serialize_fields<S: Serializer>(
    object: &dyn Object,
    values: &[Value<'_>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let table = object.table();
    let extra = object.extra().filter(|extra| !extra.is_empty());
    let more = extra.map_or(0, |extra| if table.open { extra.len() } else { 1 });
    let mut map = serializer.serialize_map(Some(present(table, values).count() + more))?;
    for (field, value) in present(table, values) {
        map.serialize_entry(field.name, &Readable { value, field: field.name })?;
    }
    match extra {
        Some(extra) if table.open => extra.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?,
        Some(extra) => map.serialize_entry("extra", extra)?,
        None => {}
    }
    map.end()
}

/// Writes a value with its readable names.
///
/// # Errors
/// As for [`serialize_object`].
pub fn serialize_value<S: Serializer>(value: Value<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    Readable { value, field: "value" }.serialize(serializer)
}

/// A value to be written with readable names, and the field it belongs to, for the error.
struct Readable<'a> {
    value: Value<'a>,
    field: &'a str,
}

impl Serialize for Readable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let readable = |value| Readable { value, field: self.field };
        match self.value {
            Value::Absent | Value::Null => serializer.serialize_none(),
            Value::Bool(bool) => serializer.serialize_bool(bool),
            Value::Int(int) => serializer.serialize_i64(int),
            Value::UInt(int) => serializer.serialize_u64(int),
            Value::Float(float) if float.is_finite() => serializer.serialize_f64(float),
            Value::Float(float) => {
                Err(S::Error::custom(format_args!("{}: {float} is not a finite number", self.field)))
            }
            Value::Str(text) | Value::Media(_, text) => serializer.serialize_str(text),
            Value::List(list) => serializer.collect_seq(items(list).map(readable)),
            Value::Object(object) => serialize_object(object, serializer),
            Value::Map(map) => serialize_entries(map, self.field, serializer),
            Value::Json(json) => json.serialize(serializer),
        }
    }
}

fn serialize_entries<S: Serializer>(entries: &dyn Entries, field: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.count()))?;
    let mut result = Ok(());
    entries.each(&mut |name, value| {
        if result.is_ok() {
            result = map.serialize_entry(name, &Readable { value, field });
        }
    });
    result?;
    map.end()
}

/// Writes an object for debugging: what is set, and nothing else; `data:` URIs are cut.
pub fn debug_object(name: &str, object: &dyn Object, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shown = object.look(|table, values| {
        let mut debug = f.debug_struct(name);
        for (field, value) in present(table, values) {
            debug.field(field.name, &Shown(value));
        }
        if let Some(extra) = object.extra().filter(|extra| !extra.is_empty()) {
            debug.field("extra", &Shown(Value::Map(extra)));
        }
        debug.finish()
    });
    shown.unwrap_or(Ok(()))
}

/// A value for debugging.
struct Shown<'a>(Value<'a>);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.opened() {
            Value::Absent | Value::Null => f.write_str("null"),
            Value::Bool(bool) => bool.fmt(f),
            Value::Int(int) => int.fmt(f),
            Value::UInt(int) => int.fmt(f),
            Value::Float(float) => float.fmt(f),
            Value::Str(text) | Value::Media(_, text) => write!(f, "{}", Quoted { text, limit: usize::MAX }),
            Value::List(list) => f.debug_list().entries(items(list).map(Shown)).finish(),
            Value::Object(object) => object.fmt(f),
            Value::Map(map) => {
                let mut debug = f.debug_map();
                map.each(&mut |name, value| {
                    debug.entry(&name, &Shown(value));
                });
                debug.finish()
            }
            Value::Json(json) => json.fmt(f),
        }
    }
}
