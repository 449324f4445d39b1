//! Writers: values → any serde format, as they are stored or as the server takes them; values → `Debug`. What is absent is
//! not written. One writer serves the text of a request, JSON trees and stored inputs.
//! Must not check: any value can be written, so that an invalid input can be stored and looked at.

use std::fmt;

use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};

use crate::Json;
use crate::schema::describe::Given;
use crate::schema::table::{Field, Names, Table};
use crate::schema::value::{Entries, List, Object, Value};
use crate::text::{Quoted, without_logins};

/// A value to be written.
struct Written<'a> {
    value: Value<'a>,
    /// With readable names, as it is stored, or with wire keys, as the server takes it.
    names: Names,
    /// The field it belongs to, for the error.
    field: &'a str,
}

/// The object with its wire keys, `extra` among them; where both have a key, the field wins. Floats that are not
/// finite become null, which `check` refuses.
pub fn to_wire(object: &dyn Object) -> Json {
    wire_value(Value::Object(object))
}

/// A value as the server gets it.
pub(crate) fn wire_value(value: Value<'_>) -> Json {
    // Nothing that JSON can't hold is among the values.
    serde_json::to_value(on_the_wire(value)).unwrap_or_default()
}

/// An object as the server gets it, as text.
///
/// # Errors
/// Those of `serde_json`, of which none is known to happen.
#[cfg(feature = "http")]
pub(crate) fn wire_text(object: &dyn Object) -> serde_json::Result<Vec<u8>> {
    json_text(&on_the_wire(Value::Object(object)))
}

/// A value as JSON text, in a buffer of just its length: what is large is copied once, and no room is left over.
///
/// # Errors
/// Those of `serde_json`.
#[cfg(feature = "http")]
pub(crate) fn json_text(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value)?;
    let mut text = Vec::with_capacity(length.0);
    serde_json::to_writer(&mut text, value)?;
    Ok(text)
}

/// Counts what is written to it.
#[cfg(feature = "http")]
struct Length(usize);

#[cfg(feature = "http")]
impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes a value with its readable names; an object's `extra` under its own name if there is anything in it, or, where the
/// table is open, among the others.
///
/// # Errors
/// Those of the format, and one that names the field for a float that is not finite.
pub fn serialize_value<S: Serializer>(value: Value<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    Written { value, names: Names::Readable, field: "value" }.serialize(serializer)
}

fn on_the_wire(value: Value<'_>) -> Written<'_> {
    Written { value, names: Names::Wire, field: "value" }
}

/// The fields that are set, and those that must be, with their values.
pub(crate) fn present<'a>(
    table: &'a Table,
    values: &'a [Value<'a>],
) -> impl Iterator<Item = (&'static Field, Value<'a>)> {
    let fields = table.fields.iter().zip(values);
    fields.filter(|(field, value)| field.required || !value.is_absent()).map(|(field, value)| (field, *value))
}

fn items(list: &dyn List) -> impl Iterator<Item = Value<'_>> {
    (0..list.count()).map(|index| list.item(index))
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Absent | Value::Null => serializer.serialize_none(),
            Value::Bool(bool) => serializer.serialize_bool(bool),
            Value::Int(int) => serializer.serialize_i64(int),
            Value::UInt(int) => serializer.serialize_u64(int),
            Value::Float(float) => self.float(float, serializer),
            Value::Str(text) | Value::Media(_, text) => serializer.serialize_str(text),
            Value::List(list) => serializer.collect_seq(items(list).map(|value| Written { value, ..*self })),
            Value::Object(object) => self.object(object, serializer),
            Value::Map(map) => self.entries(map, serializer),
            Value::Json(json) => json.serialize(serializer),
        }
    }
}

impl Written<'_> {
    fn float<S: Serializer>(&self, float: f64, serializer: S) -> Result<S::Ok, S::Error> {
        match self.names {
            _ if float.is_finite() => serializer.serialize_f64(float),
            Names::Wire => serializer.serialize_none(),
            Names::Readable => Err(S::Error::custom(format_args!("{}: {float} is not a finite number", self.field))),
        }
    }

    fn object<S: Serializer>(&self, object: &dyn Object, serializer: S) -> Result<S::Ok, S::Error> {
        let mut serializer = Some(serializer);
        let mut result = None;
        object.values(&mut |values| {
            if let Some(serializer) = serializer.take() {
                result = Some(self.fields(object, values, serializer));
            }
        });
        result.unwrap_or_else(|| Err(S::Error::custom("the object shows no values")))
    }

    fn fields<S: Serializer>(
        &self,
        object: &dyn Object,
        values: &[Value<'_>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let table = object.table();
        let is_wire = self.names == Names::Wire;
        let is_taken = |key: &str| is_wire && present(table, values).any(|(field, _)| field.key == key);
        let extra = object.extra().filter(|extra| !extra.is_empty());
        let others = || extra.into_iter().flatten().filter(|(key, _)| !is_taken(key));
        let is_flat = is_wire || table.open;
        let count = if is_flat { others().count() } else { usize::from(extra.is_some()) };
        let mut map = serializer.serialize_map(Some(present(table, values).count() + count))?;
        for (field, value) in present(table, values) {
            map.serialize_entry(field.spelled(self.names), &Written { value, field: field.name, ..*self })?;
        }
        match extra {
            Some(_) if is_flat => others().try_for_each(|(key, value)| map.serialize_entry(key, value))?,
            Some(extra) => map.serialize_entry("extra", extra)?,
            None => {}
        }
        map.end()
    }

    fn entries<S: Serializer>(&self, entries: &dyn Entries, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(entries.count()))?;
        let mut result = Ok(());
        entries.each(&mut |name, value| {
            if result.is_ok() {
                result = map.serialize_entry(name, &Written { value, ..*self });
            }
        });
        result?;
        map.end()
    }
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
            Value::Json(json) if f.alternate() => f.write_str(&without_logins(&format!("{json:#?}"))),
            Value::Json(json) => f.write_str(&without_logins(&format!("{json:?}"))),
            other => write!(f, "{}", Given(other)),
        }
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;
    use crate::rt::Extra;
    use serde_json::json;

    #[derive(Debug)]
    struct Sample(Extra);

    static SAMPLE: Table = Table {
        fields: &[
            Field { name: "text", key: "1_text", required: true, ..Field::BLANK },
            Field { name: "scale", key: "2_scale", ..Field::BLANK },
            Field { name: "seed", key: "3_seed", ..Field::BLANK },
        ],
        ..Table::BLANK
    };

    impl Object for Sample {
        fn table(&self) -> &'static Table {
            &SAMPLE
        }

        fn values(&self, see: &mut dyn FnMut(&[Value<'_>])) {
            see(&[Value::Str("a \"word\"\n"), Value::Float(f64::NAN), Value::Absent]);
        }

        fn extra(&self) -> Option<&Extra> {
            Some(&self.0)
        }
    }

    #[test]
    fn the_text_on_the_wire_says_what_the_tree_says_and_nothing_twice() {
        let extra = json!({"1_text": "hidden", "3_seed": 7, "new": [1.5]});
        let sample = Sample(extra.as_object().expect("an object").clone());
        let text = wire_text(&sample).expect("it can be written");
        assert_eq!(text.capacity(), text.len());
        let text = String::from_utf8(text).expect("text");
        assert_eq!(text, r#"{"1_text":"a \"word\"\n","2_scale":null,"3_seed":7,"new":[1.5]}"#);
        assert_eq!(serde_json::from_str::<Json>(&text).expect("JSON"), to_wire(&sample));
    }
}
