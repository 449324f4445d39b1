//! Forms of one JSON type, old and new, of which some are within others of the other side: one set that became several, or
//! several that became one. In: those forms. Out: what is true of all of them, and how they differ from one another; what is
//! true of one of them alone is never told of the whole.

use super::kind::ChangeKind;
use super::meaning::{Domain, Form, Kind, Objects};
use super::report::Place;
use super::rules::{Comparison, strictness};
use super::typed::Typed;

impl<'a> Comparison<'a, '_> {
    /// Compares all forms of one type. Gives back whether some change is told elsewhere.
    pub(super) fn split(&mut self, place: &Place<'_>, (old, new): (Vec<Form>, Vec<Form>), typed: &Typed<'a>) -> bool {
        let Some(all) = strictness(&Domain::of(old.clone()), &Domain::of(new.clone())) else { return false };
        let (before, after) = (objects(&old), objects(&new));
        let Some((before, after)) = before.zip(after) else {
            let words = |forms: &[Form]| forms.iter().map(Form::words).collect::<Vec<_>>().join(", or ");
            self.tell(place, ChangeKind::RulesChanged, "rules", all, (words(&old), words(&new)));
            return false;
        };
        let (old_hull, new_hull) = (Objects::hull(&before), Objects::hull(&after));
        let is_told = self.objects(place, &old_hull, &new_hull, typed);
        let words = |all: &[&Objects], hull: &Objects| match all {
            [_] => String::new(),
            all => all.iter().map(|one| one.beyond(hull).words()).collect::<Vec<_>>().join(", or "),
        };
        self.tell(place, ChangeKind::RulesChanged, "rules", all, (words(&before, &old_hull), words(&after, &new_hull)));
        is_told
    }
}

/// The forms as objects, if none is a list of values.
fn objects<'f>(forms: &'f [Form]) -> Option<Vec<&'f Objects>> {
    let object = |form: &'f Form| match &form.kind {
        Kind::Objects(objects) if objects.listed.is_none() => Some(objects),
        _ => None,
    };
    forms.iter().map(object).collect()
}
