//! Field tables as JSON Schema with readable names, for the crate `schemars`. In: a table. Out: the schema of what
//! `Deserialize` and `validate` accept. Nothing is emitted for it field by field, so it costs no compile time.
//!
//! Where the schema says less than the checker, or the checker takes more than the schema says, is listed at the feature
//! `schemars` in the crate's docs. Must not know any model.

mod fragment;
mod media;
mod rules;
mod spelling;

use std::borrow::Cow;

use schemars::{Schema, SchemaGenerator};

pub(crate) use self::media::pattern as media_pattern;
use self::rules::Writer;
use crate::schema::table::Table;
use crate::{Json, ModelInfo};

/// The schema of an object with this table; `name` is that of its type.
pub fn json_schema(table: &'static Table, name: &str, generator: &mut SchemaGenerator) -> Schema {
    let object = Writer::new(generator, name).root(table);
    object.into()
}

/// What a type is called in schemas: its path without the crate, which no other type has. Fit for OpenAPI.
pub fn schema_name(path: &'static str) -> Cow<'static, str> {
    let inner = path.split_once("::").map_or(path, |(_, inner)| inner);
    inner.replace("::", ".").into()
}

impl ModelInfo {
    /// The JSON Schema of inputs with readable names, as `schema_for!` gives it of the model's own type.
    #[must_use]
    pub fn json_schema(&self) -> Json {
        let name = format!("{}.Input", self.module.replace("::", "."));
        let mut generator = SchemaGenerator::default();
        let mut schema = json_schema(self.schema, &name, &mut generator);
        schema.insert("title".to_owned(), name.into());
        if let Some(draft) = &generator.settings().meta_schema {
            schema.insert("$schema".to_owned(), draft.to_string().into());
        }
        let definitions = generator.take_definitions(true);
        if !definitions.is_empty() {
            schema.insert("$defs".to_owned(), definitions.into());
        }
        schema.to_value()
    }
}

/// `JsonSchema` for a struct that is an [`Object`](super::Object).
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($type:ident, $table:path) => {
        impl $crate::schemars::JsonSchema for $type {
            #[inline]
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $crate::rt::schema_name(::core::concat!(::core::module_path!(), "::", ::core::stringify!($type)))
            }

            #[inline]
            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::core::concat!(::core::module_path!(), "::", ::core::stringify!($type)).into()
            }

            #[inline]
            fn json_schema(generator: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                $crate::rt::json_schema(&$table, &<Self as $crate::schemars::JsonSchema>::schema_name(), generator)
            }
        }
    };
}
