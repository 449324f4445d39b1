//! The checker: rules × values → violations, all of them. The one place where the rules of a table get their meaning.
//! A valid input costs no allocation (unions and patterns aside, which others check). Must not know formats or types of Rust.

mod fragment;
mod object;
mod quick;
mod respell;
mod scalar;
mod union;
mod unique;

use std::fmt;

use crate::Json;
use crate::invalid::{InvalidInput, Violation, ViolationKind};
use crate::schema::describe::{Count, Given, Range};
use crate::schema::number::Number;
use crate::schema::path::{MAX_DEPTH, Path, Step};
use crate::schema::rule::{Rule, Types};
use crate::schema::table::{Names, Table, TableRef};
use crate::schema::value::{List, Object, Value};

/// Checks an object against its own table.
///
/// # Errors
/// Every violation, in the order of the table.
pub fn check(object: &dyn Object) -> Result<(), InvalidInput> {
    let mut checker = Checker::new(Names::Readable);
    checker.object(object, &Path::ROOT);
    InvalidInput::none_of(checker.violations)
}

impl Table {
    /// Checks untyped JSON, its keys being readable names or wire keys. The same checker as for typed inputs; names that a
    /// table does not know are violations unless it is open.
    ///
    /// # Errors
    /// Every violation: those of the document in its order, then fields that are missing.
    pub fn check_json(&'static self, json: &Json, names: Names) -> Result<(), InvalidInput> {
        let rules = self.as_rules();
        if quick::keeps(&rules, json, names) {
            return Ok(());
        }
        InvalidInput::none_of(violations(&rules, Value::Json(json), names, &Path::ROOT))
    }

    fn as_rules(&'static self) -> [Rule; 2] {
        [Rule::Type(Types::OBJECT), Rule::Properties(TableRef::Static(self))]
    }
}

/// Whether both ways to check untyped JSON come to one verdict, quick or with words: the law that tests hold them to.
#[doc(hidden)]
pub fn agrees(table: &'static Table, json: &Json, names: Names) -> bool {
    let rules = table.as_rules();
    quick::keeps(&rules, json, names) == violations(&rules, Value::Json(json), names, &Path::ROOT).is_empty()
}

/// The violations of a value at this place.
pub(crate) fn violations(rules: &[Rule], value: Value<'_>, names: Names, at: &Path<'_>) -> Vec<Violation> {
    let mut checker = Checker::new(names);
    checker.value(rules, &value, at);
    checker.violations
}

struct Checker {
    /// How untyped objects spell their names.
    names: Names,
    /// Whether only the verdict counts, as for the forms of a union: then no violation is put into words.
    probing: bool,
    failed: bool,
    violations: Vec<Violation>,
    /// The table that spells the names of the object at this depth, for the parts of its rules that have none.
    spelled_by: Option<(usize, &'static Table)>,
}

impl Checker {
    fn new(names: Names) -> Self {
        Self { names, probing: false, failed: false, violations: Vec::new(), spelled_by: None }
    }

    /// Reports a violation. The arguments are put into words only if somebody will read them.
    #[cold]
    fn fault(&mut self, at: &Path<'_>, kind: ViolationKind, given: fmt::Arguments<'_>, allowed: fmt::Arguments<'_>) {
        self.fault_with_hint(at, kind, given, allowed, format_args!(""));
    }

    #[cold]
    fn fault_with_hint(
        &mut self,
        at: &Path<'_>,
        kind: ViolationKind,
        given: fmt::Arguments<'_>,
        allowed: fmt::Arguments<'_>,
        hint: fmt::Arguments<'_>,
    ) {
        self.failed = true;
        if !self.probing {
            self.violations.push(at.violation(kind, given.to_string(), allowed.to_string(), hint.to_string()));
        }
    }

    /// Nothing more can change the verdict.
    fn is_decided(&self) -> bool {
        self.probing && self.failed
    }

    /// Checks a value against a list of rules. Absent values satisfy any.
    fn value(&mut self, rules: &[Rule], value: &Value<'_>, at: &Path<'_>) {
        if at.is_too_deep() {
            let given = Given(*value);
            let given = format_args!("{given}");
            return self.fault(at, ViolationKind::TooDeep, given, format_args!("{MAX_DEPTH} levels"));
        }
        let value = value.opened();
        if !scalar::passes(rules, &value) {
            self.opened(rules, &value, at);
        }
    }

    /// Does something in the spelling of the wire, which the parts of unions are checked in.
    fn wire(&mut self, check: impl FnOnce(&mut Self)) {
        let names = std::mem::replace(&mut self.names, Names::Wire);
        check(self);
        self.names = names;
    }

    /// Checks a value that is what it seems to be.
    fn opened(&mut self, rules: &[Rule], value: &Value<'_>, at: &Path<'_>) {
        if let Some(number) = value.number()
            && !number.is_finite()
        {
            return self.fault(
                at,
                ViolationKind::NotFinite,
                format_args!("{number}"),
                format_args!("{}", Range(rules)),
            );
        }
        let outer = self.spelled_by;
        if self.names == Names::Readable && matches!(value, Value::Map(_)) {
            let table = rules.iter().find_map(Rule::table);
            self.spelled_by = table.map(|table| (at.depth(), table)).or(outer);
        }
        self.each(rules, value, at);
        self.spelled_by = outer;
    }

    fn each(&mut self, rules: &[Rule], value: &Value<'_>, at: &Path<'_>) {
        for rule in rules {
            match scalar::breach(rule, value) {
                None => self.nested(rule, rules, value, at),
                Some(kind) => self.breached((kind, rule), rules, value, at),
            }
            let is_foreign = matches!(rule, Rule::Type(types) if !types.contains(type_of(value)));
            if is_foreign || self.is_decided() {
                return;
            }
        }
    }

    /// Checks a rule that looks into the value, or is about the value as a whole.
    fn nested(&mut self, rule: &Rule, rules: &[Rule], value: &Value<'_>, at: &Path<'_>) {
        match *rule {
            Rule::Validation(validation) => self.validation(validation, *value, at),
            Rule::Items(_) | Rule::PrefixItems(_) | Rule::MinItems(_) | Rule::MaxItems(_) | Rule::UniqueItems => {
                if let Value::List(list) = *value {
                    self.list(rule, rules, list, at);
                }
            }
            Rule::Properties(_)
            | Rule::AdditionalProperties(_)
            | Rule::NoAdditionalProperties
            | Rule::MinProperties(_)
            | Rule::MaxProperties(_)
            | Rule::PropertyNames(_) => self.properties(rule, rules, *value, at),
            Rule::AllOf(forms) => forms.iter().for_each(|form| self.value(form, value, at)),
            Rule::AnyOf(forms) => self.forms(forms, false, *value, at),
            Rule::OneOf(forms) => self.forms(forms, true, *value, at),
            Rule::Fragment(fragment) => self.fragment(fragment, rules, *value, at),
            Rule::Never => self.fault(at, ViolationKind::Never, format_args!("{}", Given(*value)), format_args!("")),
            // The others are about scalars.
            _ => {}
        }
    }

    fn list(&mut self, rule: &Rule, rules: &[Rule], list: &dyn List, at: &Path<'_>) {
        let count = list.count();
        let kind = match *rule {
            Rule::MinItems(least) if (count as u64) < least => ViolationKind::MinItems,
            Rule::MaxItems(most) if count as u64 > most => ViolationKind::MaxItems,
            Rule::Items(items) => {
                return (prefixed(rules)..count).for_each(|index| self.item(items, list, index, at));
            }
            Rule::PrefixItems(prefix) => {
                return prefix.iter().enumerate().for_each(|(index, rules)| self.item(rules, list, index, at));
            }
            Rule::UniqueItems => return self.unique(list, at),
            _ => return,
        };
        self.fault(at, kind, format_args!("a list of {count}"), format_args!("{}", Count::of(rule, rules)));
    }

    fn item(&mut self, rules: &[Rule], list: &dyn List, index: usize, at: &Path<'_>) {
        if !self.is_decided() {
            let item = list.item(index);
            if !scalar::passes(rules, &item) {
                self.value(rules, &item, &at.then(Step::Index(index)));
            }
        }
    }
}

/// How many items have rules of their own.
fn prefixed(rules: &[Rule]) -> usize {
    rules.iter().map(|rule| if let Rule::PrefixItems(prefix) = rule { prefix.len() } else { 0 }).sum()
}

/// The one type of a value; of a number without a fraction that is integer. Needs [`Value::opened`].
pub(super) fn type_of(value: &Value<'_>) -> Types {
    match *value {
        Value::Absent | Value::Null => Types::NULL,
        Value::Bool(_) => Types::BOOLEAN,
        Value::Int(_) | Value::UInt(_) => Types::INTEGER,
        Value::Float(float) if Number::Float(float).is_integer() => Types::INTEGER,
        Value::Float(_) => Types::NUMBER,
        Value::Str(_) | Value::Media(..) => Types::STRING,
        Value::List(_) => Types::ARRAY,
        Value::Object(_) | Value::Map(_) | Value::Json(_) => Types::OBJECT,
    }
}
