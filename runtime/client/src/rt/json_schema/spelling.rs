//! Spelling: from wire keys to readable names, at any place of a value. In: the rules of the place. Out: the name of a
//! key there, and the spelling of what lies below. Must not know schemas.

use super::super::check::violations;
use crate::Json;
use crate::schema::path::Path;
use crate::schema::rule::Rule;
use crate::schema::rule::item_rules;
use crate::schema::table::{Names, Table};
use crate::schema::value::Value;

/// The rules of the place where a value stands: if they have a table, it knows the names. Unions have tables whose names
/// are the wire keys.
#[derive(Clone, Copy)]
pub(super) struct Spelling<'r>(pub(super) &'r [Rule]);

impl Spelling<'_> {
    /// Where nothing is known of names.
    pub(super) const UNKNOWN: Spelling<'static> = Spelling(&[]);

    pub(super) fn table(self) -> Option<&'static Table> {
        self.0.iter().find_map(Rule::table)
    }

    /// Whether a name here may differ from its key.
    pub(super) fn renames(self) -> bool {
        self.table().is_some_and(|table| table.fields.iter().any(|field| field.name != field.key))
    }

    /// The readable names of the fields whose keys these rules refuse.
    pub(super) fn refused(self, rules: &[Rule]) -> impl Iterator<Item = String> {
        let fields = self.table().into_iter().flat_map(|table| table.fields);
        let breaks = |key| !violations(rules, Value::Str(key), Names::Wire, &Path::ROOT).is_empty();
        fields.filter(move |field| breaks(field.key)).map(|field| field.name.to_owned())
    }

    /// The readable name of a key.
    pub(super) fn name(self, key: &str) -> &str {
        self.table().and_then(|table| table.field_by_key(key)).map_or(key, |field| field.name)
    }

    /// The spelling of the value under a key.
    pub(super) fn of_field(self, key: &str) -> Spelling<'static> {
        let field = self.table().and_then(|table| table.field_by_key(key));
        field.map_or(Spelling::UNKNOWN, |field| Spelling(field.rules))
    }

    /// The spelling of an item; beyond the first few all are alike.
    pub(super) fn of_item(self, index: usize) -> Spelling<'static> {
        Spelling(item_rules(self.0, index))
    }

    /// A value of wire keys with readable names.
    pub(super) fn value(self, wire: &Json) -> Json {
        match wire {
            Json::Object(entries) => {
                let renamed =
                    entries.iter().map(|(key, value)| (self.name(key).to_owned(), self.of_field(key).value(value)));
                Json::Object(renamed.collect())
            }
            Json::Array(items) => {
                items.iter().enumerate().map(|(index, item)| self.of_item(index).value(item)).collect()
            }
            scalar => scalar.clone(),
        }
    }
}
