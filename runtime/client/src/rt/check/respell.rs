//! Respelling: JSON with readable names in, the same with wire keys out, or the reverse. Of a union, the forms that the
//! value fits say how its names are spelled. Must not check: what no rule speaks of goes through as it is.

use std::collections::BTreeSet;

use super::violations;
use crate::Json;
use crate::schema::path::Path;
use crate::schema::rule::{Rule, item_rules};
use crate::schema::table::{Field, Names, Table};
use crate::schema::value::{Extra, Value};

/// Where readable JSON keeps what the fields do not know.
const EXTRA: &str = "extra";

impl Table {
    /// JSON with readable names as it goes to the wire: with wire keys, and with the entries of `extra` among the others.
    /// Where both have a key, the field wins. Does not check; what is invalid goes through as far as it can be told what
    /// it means.
    #[must_use]
    pub fn to_wire(&'static self, readable: &Json) -> Json {
        Speller { from: Names::Readable, to: Names::Wire, tells_apart: true }.whole(self, readable)
    }

    /// JSON with wire keys as stored inputs have it, the inverse of [`to_wire`](Self::to_wire): with readable names, and
    /// with the keys that a closed table does not know under `extra`. Does not check.
    #[must_use]
    pub fn to_readable(&'static self, wire: &Json) -> Json {
        Speller { from: Names::Wire, to: Names::Readable, tells_apart: true }.whole(self, wire)
    }
}

/// What the checker needs of it: without a look at which form of a union a value fits, for whoever looks checks.
const BY_ANY_FORM: Speller = Speller { from: Names::Readable, to: Names::Wire, tells_apart: false };

/// JSON with readable names as it goes to the wire, by the rules of the value.
pub(super) fn with_keys(readable: &Json, rules: &[Rule]) -> Json {
    BY_ANY_FORM.value(readable, &vec![rules])
}

/// The same for an object with this table.
pub(super) fn object_with_keys(readable: &Json, table: &'static Table) -> Json {
    BY_ANY_FORM.whole(table, readable)
}

struct Speller {
    from: Names,
    to: Names,
    /// Whether only the forms of unions count that a value fits.
    tells_apart: bool,
}

/// The rules that speak of a value, list by list.
type Lists<'r> = Vec<&'r [Rule]>;

impl Speller {
    fn whole(&self, table: &'static Table, json: &Json) -> Json {
        let Json::Object(entries) = json else { return json.clone() };
        let mut lists = Lists::new();
        self.gather(table.rules, json, false, &mut lists);
        self.object(entries, &[table], &lists).into()
    }

    fn value(&self, json: &Json, rules: &Lists<'_>) -> Json {
        if !json.is_array() && !json.is_object() {
            return json.clone();
        }
        let mut lists = Lists::new();
        rules.iter().for_each(|rules| self.gather(rules, json, true, &mut lists));
        match json {
            Json::Array(items) => {
                let of = |place: usize| lists.iter().map(|rules| item_rules(rules, place)).collect();
                items.iter().enumerate().map(|(place, item)| self.value(item, &of(place))).collect()
            }
            Json::Object(entries) => {
                let tables: Vec<&'static Table> = lists.iter().copied().flatten().filter_map(Rule::table).collect();
                tables.iter().for_each(|table| self.gather(table.rules, json, false, &mut lists));
                self.object(entries, &tables, &lists).into()
            }
            scalar => scalar.clone(),
        }
    }

    /// Adds a list of rules and those of its parts that the value fits; all of them if it fits none, or if the rules are about
    /// wire keys while the value has readable names.
    fn gather<'r>(&self, rules: &'r [Rule], json: &Json, tell_apart: bool, into: &mut Lists<'r>) {
        into.push(rules);
        for rule in rules {
            match *rule {
                Rule::AllOf(parts) => parts.iter().for_each(|part| self.gather(part, json, tell_apart, into)),
                Rule::AnyOf(parts) | Rule::OneOf(parts) => {
                    let fits = |part: &&&[Rule]| violations(part, Value::Json(json), self.from, &Path::ROOT).is_empty();
                    let tell_apart = tell_apart && self.tells_apart;
                    let fitting: Vec<_> = parts.iter().filter(|part| tell_apart && fits(part)).collect();
                    let meant = if fitting.is_empty() { parts.iter().collect() } else { fitting };
                    meant.into_iter().for_each(|part| self.gather(part, json, tell_apart, into));
                }
                _ => {}
            }
        }
    }

    fn object(&self, entries: &Extra, tables: &[&'static Table], lists: &Lists<'_>) -> Extra {
        let parts = lists.iter().copied().flatten().filter_map(Rule::table);
        let mut all: Vec<&'static Table> = tables.to_vec();
        all.extend(parts);
        let rest: Lists<'_> = lists.iter().copied().flatten().filter_map(others).collect();
        let is_closed =
            !tables.is_empty() && rest.is_empty() && tables.iter().all(|table| !table.open && !table.fields.is_empty());
        let own: Vec<&'static Table> = tables.iter().copied().filter(|table| !table.open || table.strict).collect();
        let (mut spelled, mut extra) = (Extra::new(), Extra::new());
        for (name, value) in entries {
            // A property of this name that only a part of the rules speaks of stands in `extra` itself.
            let is_extra = name == EXTRA && !own.is_empty();
            let speak = if is_extra { &own } else { &all };
            let fields: Vec<&'static Field> = speak.iter().filter_map(|table| table.find(name, self.from)).collect();
            match (fields.first(), self.from, value) {
                (Some(first), ..) => {
                    let value = self.value(value, &fields.iter().map(|field| field.rules).collect());
                    spelled.insert(first.spelled(self.to).to_owned(), value);
                }
                (None, Names::Readable, Json::Object(more)) if name == EXTRA && !tables.is_empty() => {
                    extra.extend(more.clone());
                }
                (None, Names::Wire, _) if is_closed || is_extra => _ = extra.insert(name.clone(), value.clone()),
                (None, ..) => _ = spelled.insert(name.clone(), self.value(value, &rest)),
            }
        }
        match self.to {
            Names::Wire => {
                let taken: BTreeSet<String> = spelled.keys().cloned().collect();
                spelled.extend(extra.into_iter().filter(|(key, _)| !taken.contains(key)));
            }
            Names::Readable if !extra.is_empty() => _ = spelled.insert(EXTRA.to_owned(), extra.into()),
            Names::Readable => {}
        }
        spelled
    }
}

/// The rules of the properties that no table names.
fn others(rule: &Rule) -> Option<&'static [Rule]> {
    if let Rule::AdditionalProperties(rules) = *rule { Some(rules) } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::rule::Types;
    use crate::schema::table::TableRef;

    /// `extra` is a property that a part of the rules asks for, as a part of a schema may, and where readable JSON keeps what no
    /// field knows.
    #[test]
    fn a_property_named_extra_stands_in_extra() {
        static PART: Table = Table {
            fields: &[Field { name: "extra", key: "extra", required: true, ..Field::BLANK }],
            open: true,
            ..Table::BLANK
        };
        const FIELDS: &[Field] = &[Field { name: "a", key: "1_a", ..Field::BLANK }];
        const ASKED: &[Rule] = &[Rule::AllOf(&[&[Rule::Properties(TableRef::Static(&PART))]])];
        const INTEGERS: &[Rule] = &[Rule::AdditionalProperties(&[Rule::Type(Types::INTEGER)])];
        const REST: &[Rule] = &[Rule::AllOf(&[&[Rule::Properties(TableRef::Static(&PART))], INTEGERS])];
        static CLOSED: Table = Table { fields: FIELDS, rules: ASKED, ..Table::BLANK };
        static OPEN: Table = Table { fields: FIELDS, rules: REST, open: true, strict: true };
        for table in [&CLOSED, &OPEN] {
            for wire in [json!({"1_a": 1, "extra": 5}), json!({"1_a": 1, "extra": {"b": 2}})] {
                let readable = json!({"a": 1, "extra": {"extra": wire["extra"]}});
                assert_eq!(table.to_readable(&wire), readable);
                assert_eq!(table.to_wire(&readable), wire);
            }
            let lacking = json!({"a": 1, "extra": {"b": 2}});
            assert_eq!(table.to_wire(&lacking), json!({"1_a": 1, "b": 2}));
            assert!(table.check_json(&lacking, Names::Readable).is_err(), "it has none of the name");
            assert!(table.check_json(&json!({"a": 1, "extra": {"extra": 5}}), Names::Readable).is_ok());
        }
    }
}
