//! Objects, typed and untyped, against their tables. Must not know what the rules of a field mean.

use super::super::write::{present, wire_value};
use super::respell::object_with_keys;
use super::{Checker, scalar};
use crate::invalid::ViolationKind;
use crate::schema::describe::{Advice, Count, Given, KnownNames};
use crate::schema::path::{Path, Step};
use crate::schema::rule::Rule;
use crate::schema::table::{Field, Names, Table};
use crate::schema::value::{Entries, Extra, Object, Value};

/// What is to be done about properties that the table does not name.
#[derive(Clone, Copy)]
enum Others {
    Ignore,
    Refuse,
    Check(&'static [Rule]),
}

impl Checker {
    /// Checks a typed object against its own table.
    pub(super) fn object(&mut self, object: &dyn Object, at: &Path<'_>) {
        object.look(|table, values| {
            for (field, value) in table.fields.iter().zip(values) {
                if !(field.required && value.is_absent()) && scalar::passes(field.rules, value) {
                    continue;
                }
                // A required field can't be left out of a struct, so an absent one stands for null.
                let value = if field.required && value.is_absent() { &Value::Null } else { value };
                self.value(field.rules, value, &at.then(Step::Field(field)));
            }
        });
        let place = at.then(Step::Extra);
        for key in object.extra().into_iter().flat_map(Extra::keys) {
            self.extra_key(object.table(), key, at.is_root(), &place);
        }
        if !object.table().rules.is_empty() {
            self.value(object.table().rules, &Value::Object(object), at);
        }
    }

    /// What is in `extra` must not stand in for a field. Of the whole input, where nobody published what other keys there
    /// are, a readable name means the field, too: the server would drop it.
    fn extra_key(&mut self, table: &Table, key: &str, is_whole: bool, at: &Path<'_>) {
        let field = table.field_by_key(key).or_else(|| table.field(key).filter(|_| is_whole));
        if let Some(field) = field {
            let (at, hint) = (at.then(Step::Name(key)), format_args!("set {} instead", field.name));
            self.fault_with_hint(&at, ViolationKind::ExtraKey, format_args!(""), format_args!(""), hint);
        }
    }

    /// Checks the properties of an object, typed or not, against one rule about them.
    pub(super) fn properties(&mut self, rule: &Rule, rules: &[Rule], value: Value<'_>, at: &Path<'_>) {
        match (*rule, value) {
            (Rule::Properties(table), Value::Object(object)) if std::ptr::eq(object.table(), table.get()) => {
                self.object(object, at);
            }
            // Next to its own table: what the struct has besides. `extra` is the way around a closed table.
            (Rule::NoAdditionalProperties, Value::Object(object)) if is_of(rules, object) => {}
            (Rule::AdditionalProperties(rest), Value::Object(object)) if is_of(rules, object) => {
                let place = at.then(Step::Extra);
                for (key, value) in object.extra().into_iter().flatten() {
                    self.value(rest, &Value::Json(value), &place.then(Step::Name(key)));
                }
            }
            // A part of what the object must be: its own table is another.
            (
                Rule::Properties(_)
                | Rule::AdditionalProperties(_)
                | Rule::NoAdditionalProperties
                | Rule::PropertyNames(_),
                Value::Object(_),
            ) => {
                let json = wire_value(value);
                self.wire(|checker| checker.properties(rule, rules, Value::Json(&json).opened(), at));
            }
            (Rule::Properties(table), Value::Map(map)) => self.map(table.get(), rules, map, at),
            // Next to `Properties` they are seen to there.
            (Rule::AdditionalProperties(_) | Rule::NoAdditionalProperties, Value::Map(map))
                if !rules.iter().any(|rule| matches!(rule, Rule::Properties(_))) =>
            {
                let others = others(&Table::BLANK, rules);
                map.each(&mut |name, value| self.other(&Table::BLANK, others, name, value, at));
            }
            (Rule::MinProperties(_) | Rule::MaxProperties(_), Value::Object(_) | Value::Map(_)) => {
                self.property_count(rule, rules, value, at);
            }
            (Rule::PropertyNames(of_names), Value::Map(map)) => self.property_names(of_names, rules, map, at),
            _ => {}
        }
    }

    /// The table that spells the names of the untyped object here, if they are not its keys: its own, or that of the whole of
    /// which the rules are a part.
    pub(super) fn spelling(&self, rules: &[Rule], at: &Path<'_>) -> Option<&'static Table> {
        let of_whole = || self.spelled_by.filter(|(depth, _)| *depth == at.depth()).map(|(_, table)| table);
        let is_readable = self.names == Names::Readable;
        is_readable.then(|| rules.iter().find_map(Rule::table).or_else(of_whole)).flatten()
    }

    /// Checks the keys of an untyped object, which are not what readable JSON calls them.
    fn property_names(&mut self, of_names: &[Rule], rules: &[Rule], map: &dyn Entries, at: &Path<'_>) {
        let table = self.spelling(rules, at);
        map.each(&mut |name, value| {
            let at = at.then(Step::Name(name));
            let field = table.and_then(|table| table.field(name));
            match (table, field, value.opened()) {
                (Some(_), None, Value::Map(extra)) if name == "extra" => {
                    extra.each(&mut |key, _| self.value(of_names, &Value::Str(key), &at.then(Step::Name(key))));
                }
                (_, field, _) => self.value(of_names, &Value::Str(field.map_or(name, |field| field.key)), &at),
            }
        });
    }

    /// Checks an untyped object against a table.
    fn map(&mut self, table: &'static Table, rules: &[Rule], map: &dyn Entries, at: &Path<'_>) {
        let others = others(table, rules);
        let names = self.names;
        let mut met = Met::default();
        map.each(&mut |name, value| match met.find(table, name, names) {
            Some(field) => self.value(field.rules, &value, &at.then(Step::Field(field))),
            None => self.other(table, others, name, value, at),
        });
        for (place, field) in table.fields.iter().enumerate() {
            let given =
                met.count(place, || spellings(field, names).filter(|name| !map.entry(name).is_absent()).count());
            let kind = match given {
                0 if field.required => ViolationKind::Missing,
                0 | 1 => continue,
                _ => ViolationKind::Duplicate,
            };
            self.fault(&at.then(Step::Field(field)), kind, format_args!(""), format_args!(""));
        }
        self.whole(table, map, at);
    }

    /// Checks an untyped object against what its table says of it as a whole, which is said of wire keys.
    pub(super) fn whole(&mut self, table: &'static Table, map: &dyn Entries, at: &Path<'_>) {
        if table.rules.is_empty() {
            return;
        }
        match (self.names, wire_value(Value::Map(map))) {
            (Names::Readable, json) => {
                let wire = object_with_keys(&json, table);
                self.wire(|checker| checker.value(table.rules, &Value::Json(&wire), at));
            }
            _ => self.value(table.rules, &Value::Map(map), at),
        }
    }

    /// Checks a property that the table does not name.
    fn other(&mut self, table: &Table, others: Others, name: &str, value: Value<'_>, at: &Path<'_>) {
        // A stored input has what its fields do not know under this name.
        let is_extra = name == "extra" && self.names == Names::Readable && !table.fields.is_empty();
        let is_whole = at.is_root();
        let at = at.then(if is_extra { Step::Extra } else { Step::Name(name) });
        match (others, value.opened()) {
            (Others::Ignore, _) => {}
            (Others::Check(_) | Others::Refuse, Value::Map(extra)) if is_extra => extra.each(&mut |key, value| {
                self.extra_key(table, key, is_whole, &at);
                if let Others::Check(rules) = others {
                    self.value(rules, &value, &at.then(Step::Name(key)));
                }
            }),
            (Others::Check(rules), value) => self.value(rules, &value, &at),
            (Others::Refuse, _) => {
                let known = KnownNames(table, self.names);
                let known = format_args!("{known}");
                let hint = Advice(table, self.names, name);
                let hint = format_args!("{hint}");
                self.fault_with_hint(&at, ViolationKind::UnknownName, format_args!(""), known, hint);
            }
        }
    }

    fn property_count(&mut self, rule: &Rule, rules: &[Rule], value: Value<'_>, at: &Path<'_>) {
        let count = match value {
            Value::Object(object) => {
                let set = object.look(|table, values| present(table, values).count());
                set.unwrap_or(0) + object.extra().map_or(0, Extra::len)
            }
            Value::Map(map) => map.count(),
            _ => return,
        } as u64;
        let kind = match *rule {
            Rule::MinProperties(least) if count < least => ViolationKind::MinProperties,
            Rule::MaxProperties(most) if count > most => ViolationKind::MaxProperties,
            _ => return,
        };
        self.fault(at, kind, format_args!("{}", Given(value)), format_args!("{}", Count::of(rule, rules)));
    }
}

/// Whether the object's own table is among the rules.
fn is_of(rules: &[Rule], object: &dyn Object) -> bool {
    rules.iter().filter_map(Rule::table).any(|table| std::ptr::eq(table, object.table()))
}

/// Which fields of a table were met in a document, so that none is looked up again.
#[derive(Default)]
pub(super) struct Met {
    /// A bit for each of the first fields.
    once: u64,
    twice: u64,
    /// Where the next field is if the document has the order of the table.
    next: usize,
}

impl Met {
    /// The field that `name` means.
    #[inline]
    pub(super) fn find(&mut self, table: &'static Table, name: &str, names: Names) -> Option<&'static Field> {
        let place = table.position_from(self.next, name, names)?;
        let bit = Self::bit(place);
        self.twice |= self.once & bit;
        self.once |= bit;
        self.next = place + 1;
        table.fields.get(place)
    }

    /// How often the field at this place was given; `look` finds out where that is not known.
    fn count(&self, place: usize, look: impl FnOnce() -> usize) -> usize {
        match Self::bit(place) {
            0 => look(),
            // Perhaps by one name twice, which is not for the checker to say.
            bit if self.twice & bit != 0 => look(),
            bit => usize::from(self.once & bit != 0),
        }
    }

    /// Whether each field that must be there is, once; `None` if that takes a closer look.
    pub(super) fn has_all(&self, table: &Table) -> Option<bool> {
        let is_known = self.twice == 0 && table.fields.len() <= 64;
        let is_there = |(place, field): (usize, &Field)| !field.required || self.once & Self::bit(place) != 0;
        is_known.then(|| table.fields.iter().enumerate().all(is_there))
    }

    /// 0 for fields beyond the first.
    fn bit(place: usize) -> u64 {
        if place < 64 { 1 << place } else { 0 }
    }
}

/// The names under which a field may stand in a document.
fn spellings(field: &'static Field, names: Names) -> impl Iterator<Item = &'static str> {
    let aliases = if names == Names::Readable { field.aliases } else { &[] };
    std::iter::once(field.spelled(names)).chain(aliases.iter().copied())
}

/// Rules about other properties come before the table's own word.
fn others(table: &Table, rules: &[Rule]) -> Others {
    let ruled = rules.iter().find_map(|rule| match *rule {
        Rule::AdditionalProperties(rules) => Some(Others::Check(rules)),
        Rule::NoAdditionalProperties => Some(Others::Refuse),
        _ => None,
    });
    ruled.unwrap_or(if table.open { Others::Ignore } else { Others::Refuse })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::schema::rule::Types;

    /// A document that counts how often a name is looked up in it.
    struct Document(Vec<String>, Cell<usize>);

    impl Entries for Document {
        fn count(&self) -> usize {
            self.0.len()
        }

        fn each(&self, see: &mut dyn FnMut(&str, Value<'_>)) {
            self.0.iter().for_each(|name| see(name, Value::Int(1)));
        }

        fn entry(&self, name: &str) -> Value<'_> {
            self.1.set(self.1.get() + 1);
            if self.0.iter().any(|own| own == name) { Value::Int(1) } else { Value::Absent }
        }
    }

    /// A table of so many required fields, each with a former name.
    fn table(fields: usize) -> &'static Table {
        let text = |text: String| -> &'static str { text.leak() };
        let field = |place| Field {
            name: text(format!("f{place}")),
            aliases: vec![text(format!("old{place}"))].leak(),
            required: true,
            rules: &[Rule::Type(Types::INTEGER)],
            ..Field::BLANK
        };
        Box::leak(Box::new(Table { fields: (0..fields).map(field).collect::<Vec<_>>().leak(), ..Table::BLANK }))
    }

    /// The faults of a document, and how often something was looked up.
    fn faults(fields: usize, names: Vec<String>) -> (Vec<(ViolationKind, String)>, usize) {
        let (mut checker, document) = (Checker::new(Names::Readable), Document(names, Cell::new(0)));
        checker.map(table(fields), &[], &document, &Path::ROOT);
        let faults = checker.violations.iter().map(|fault| (fault.kind(), fault.name().to_owned())).collect();
        (faults, document.1.get())
    }

    #[test]
    fn the_fields_of_a_document_are_not_looked_up_again() {
        for order in [|place| place, |place| 39 - place] {
            let names = (0..40).map(order).map(|place| format!("f{place}")).collect();
            assert_eq!(faults(40, names), (Vec::new(), 0));
        }
    }

    #[test]
    fn what_is_missing_or_doubled_is_told_in_tables_of_any_size() {
        for fields in [3, 64, 65, 130] {
            let last = fields - 1;
            let mut names: Vec<String> = (1..fields).map(|place| format!("f{place}")).collect();
            // Twice by one name is told by whoever read the document.
            names.extend([format!("old{last}"), "f1".to_owned()]);
            let expected =
                vec![(ViolationKind::Missing, "f0".to_owned()), (ViolationKind::Duplicate, format!("f{last}"))];
            assert_eq!(faults(fields, names).0, expected, "{fields} fields");
        }
    }
}
