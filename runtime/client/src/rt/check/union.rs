//! Unions: which of several forms does a value fit? Must not know what the forms are about.

use super::super::forms;
use super::super::write::wire_value;
use super::{Checker, scalar, type_of};
use crate::Json;
use crate::invalid::{Violation, ViolationKind};
use crate::schema::describe::Given;
use crate::schema::path::{Path, Step};
use crate::schema::rule::{Const, Rule, Types};
use crate::schema::table::Field;
use crate::schema::value::Value;

impl Checker {
    /// Checks that the value fits one of the forms, or exactly one of them.
    pub(super) fn forms(&mut self, forms: &[&[Rule]], exactly_one: bool, value: Value<'_>, at: &Path<'_>) {
        let fitting = forms.iter().filter(|form| self.fits(form, value, at)).count();
        if is_enough(fitting, exactly_one) {
            return;
        }
        if fitting > 1 {
            let allowed = format_args!("exactly one of {} forms, it fits {fitting}", forms.len());
            return self.fault(at, ViolationKind::ManyForms, format_args!("{}", Given(value)), allowed);
        }
        self.failed = true;
        if !self.probing {
            self.fits_none(forms, value, at);
        }
    }

    /// Says why a value fits no form, by the forms that may be meant: those of its type, and of these those with its tags.
    /// Of one form, and of several that agree, the violations are the ones worth reading.
    fn fits_none(&mut self, forms: &[&[Rule]], value: Value<'_>, at: &Path<'_>) {
        let alike: Vec<&[Rule]> = forms.iter().copied().filter(|form| is_alike(form, value)).collect();
        if let (true, Some(types)) = (alike.is_empty(), all_types(forms)) {
            return self.breached((ViolationKind::Type, &Rule::Type(types)), &[], &value, at);
        }
        let json = wire_value(value);
        let meant: Vec<&[Rule]> = alike.iter().copied().filter(|form| self.has_tags(form, &json)).collect();
        if let (true, Some((field, tags))) = (meant.is_empty(), self.tags(&alike, &json)) {
            let given = json.get(field.key).or_else(|| json.get(field.spelled(self.names))).unwrap_or(&Json::Null);
            return self.unlisted(&tags, Value::Json(given).opened(), &at.then(Step::Field(field)));
        }
        if let Some(values) = all_values(&meant, value) {
            return self.unlisted(&values, value, at);
        }
        let complaints: Vec<Vec<Violation>> = meant.iter().map(|form| self.complaint(form, value, at)).collect();
        let mut shared = forms::shared(&complaints);
        if shared.is_empty() {
            let (given, allowed) = (Given(value).to_string(), format!("one of {} forms", forms.len()));
            let advice = forms::advice(&complaints, at.depth());
            shared.push(at.violation(ViolationKind::NoForm, given, allowed, advice));
        }
        self.violations.append(&mut shared);
    }

    /// What a form has to say against a value.
    fn complaint(&self, form: &[Rule], value: Value<'_>, at: &Path<'_>) -> Vec<Violation> {
        let mut checker = Self { spelled_by: self.spelled_by, ..Self::new(self.names) };
        checker.value(form, &value, at);
        checker.violations
    }

    /// The field that tells these forms apart, and its values, if each has such a text for one and the same key.
    fn tags(&self, forms: &[&[Rule]], value: &Json) -> Option<(&'static Field, Vec<Const>)> {
        let wrong = |form: &&[Rule]| tags(form).find(|(field, tag)| !self.has_tag(field, tag, value));
        let found: Vec<_> = forms.iter().map(wrong).collect::<Option<_>>()?;
        let (field, _) = *found.first()?;
        let tags = found.iter().map(|(_, tag)| Const::Str(tag)).collect();
        found.iter().all(|(other, _)| other.key == field.key).then_some((field, tags))
    }

    /// Whether a value has the tags of a form: the texts that its keys always have there.
    fn has_tags(&self, form: &[Rule], value: &Json) -> bool {
        tags(form).all(|(field, tag)| self.has_tag(field, tag, value))
    }

    /// Whether the tag is there, or nothing in its place.
    fn has_tag(&self, field: &Field, tag: &str, value: &Json) -> bool {
        let given = value.get(field.key).or_else(|| value.get(field.spelled(self.names)));
        given.is_none_or(|given| given == tag)
    }

    fn fits(&self, form: &[Rule], value: Value<'_>, at: &Path<'_>) -> bool {
        let mut probe = Self { probing: true, spelled_by: self.spelled_by, ..Self::new(self.names) };
        probe.value(form, &value, at);
        !probe.failed
    }
}

/// Whether a value that fits so many forms fits the union.
pub(super) fn is_enough(fitting: usize, exactly_one: bool) -> bool {
    fitting == 1 || fitting > 1 && !exactly_one
}

/// The required fields of a form that have one text and no other.
fn tags(form: &[Rule]) -> impl Iterator<Item = (&'static Field, &'static str)> {
    let tables = form.iter().filter_map(Rule::table);
    let fields = tables.flat_map(|table| table.fields).filter(|field| field.required);
    fields.filter_map(|field| {
        let tag = field.rules.iter().find_map(|rule| match *rule {
            Rule::Values([Const::Str(text)]) => Some(*text),
            _ => None,
        });
        Some((field, tag?))
    })
}

/// The types of all forms, if each names its own.
fn all_types(forms: &[&[Rule]]) -> Option<Types> {
    let of =
        |form: &&[Rule]| form.iter().find_map(|rule| if let Rule::Type(types) = rule { Some(*types) } else { None });
    forms.iter().map(of).try_fold(Types::NONE, |all, types| Some(all.or(types?)))
}

/// The values of all forms together, if each is a list of values and the value is in none.
fn all_values(forms: &[&[Rule]], value: Value<'_>) -> Option<Vec<Const>> {
    let of = |form: &&[Rule]| {
        form.iter().find_map(|rule| match *rule {
            Rule::Values(values) if scalar::breach(rule, &value).is_some() => Some(values),
            _ => None,
        })
    };
    let values = forms.iter().map(of).collect::<Option<Vec<_>>>()?;
    (!values.is_empty()).then(|| values.concat())
}

/// Whether the form allows the value's type.
fn is_alike(form: &[Rule], value: Value<'_>) -> bool {
    form.iter().all(|rule| match *rule {
        Rule::Type(types) => types.contains(type_of(&value)),
        Rule::Never => false,
        _ => true,
    })
}
