//! Unions: which of several forms does a value fit? Must not know what the forms are about.

use super::super::describe::Given;
use super::super::path::Path;
use super::super::rule::{Const, Rule};
use super::super::value::Value;
use super::super::write::wire_value;
use super::{Checker, type_of};
use crate::Json;
use crate::invalid::ViolationKind;

impl Checker {
    /// Checks that the value fits one of the forms, or exactly one of them. If only one form is of the value's type
    /// and has its tags, its violations are the ones worth reading, so they are reported in place of a general one.
    pub(super) fn forms(&mut self, forms: &[&[Rule]], exactly_one: bool, value: Value<'_>, at: &Path<'_>) {
        let fitting = forms.iter().filter(|form| self.fits(form, value, at)).count();
        if fitting == 1 || fitting > 1 && !exactly_one {
            return;
        }
        let given = format_args!("{}", Given(value));
        if fitting > 1 {
            let allowed = format_args!("exactly one of {} forms, it fits {fitting}", forms.len());
            return self.fault(at, ViolationKind::ManyForms, given, allowed);
        }
        let json = wire_value(value);
        let mut alike = forms.iter().filter(|form| is_alike(form, value) && self.has_tags(form, &json));
        match (alike.next(), alike.next()) {
            (Some(form), None) if !self.probing => self.value(form, &value, at),
            _ => self.fault(at, ViolationKind::NoForm, given, format_args!("one of {} forms", forms.len())),
        }
    }

    /// Whether a value has the tags of a form: the texts that its keys always have there.
    fn has_tags(&self, form: &[Rule], value: &Json) -> bool {
        let tables =
            form.iter().filter_map(|rule| if let Rule::Properties(table) = rule { Some(*table) } else { None });
        let mut fields = tables.flat_map(|table| table.fields).filter(|field| field.required);
        fields.all(|field| {
            let given = value.get(field.key).or_else(|| value.get(field.spelled(self.names)));
            let tag = field.rules.iter().find_map(|rule| match *rule {
                Rule::Values([Const::Str(text)]) => Some(*text),
                _ => None,
            });
            tag.is_none_or(|tag| given.is_none_or(|given| given == tag))
        })
    }

    fn fits(&self, form: &[Rule], value: Value<'_>, at: &Path<'_>) -> bool {
        let mut probe = Self { probing: true, ..Self::new(self.names) };
        probe.value(form, &value, at);
        !probe.failed
    }
}

/// Whether the form allows the value's type.
fn is_alike(form: &[Rule], value: Value<'_>) -> bool {
    form.iter().all(|rule| match *rule {
        Rule::Type(types) => types.contains(type_of(&value)),
        Rule::Never => false,
        _ => true,
    })
}
