//! The rules of one value and the values that they allow, old and new, in; what changed about these values out. So the same
//! said in other words is no change. What types tell too (fields of structs, variants, forms that came or went) is left to
//! them.

use std::collections::{BTreeMap, BTreeSet};

use super::around::Around;
use super::forms::{is_paired, pair, split};
use super::kind::{ChangeKind, Strictness};
use super::meaning::{Demand, Domain, Form, Kind};
use super::report::{Change, Place};
use super::show;
use super::typed::Typed;
use crate::ir::Rule;

/// Compares the rules at one place, and those within them: with the values that keep them, and whatever else is said there.
pub(super) fn compare<'a>(
    place: &Place<'_>,
    (old_rules, old): (&[Rule], &Domain),
    (new_rules, new): (&[Rule], &Domain),
    typed: &Typed<'a>,
    around: Around<'a>,
    changes: &mut Vec<Change>,
) {
    messages(place, old_rules, new_rules, changes);
    let mut comparison = Comparison { around, changes, all_are: None };
    comparison.domains(place, old, new, typed);
}

/// How the set of valid values changed.
pub(super) fn strictness(old: &Domain, new: &Domain) -> Option<Strictness> {
    how(old, new, Domain::is_within)
}

/// How a set changed, by what is certainly part of what.
pub(super) fn how<T>(old: &T, new: &T, is_within: impl Fn(&T, &T) -> bool) -> Option<Strictness> {
    match (is_within(new, old), is_within(old, new)) {
        (true, true) => None,
        (true, false) => Some(Strictness::Tightened),
        (false, true) => Some(Strictness::Loosened),
        (false, false) => Some(Strictness::Changed),
    }
}

/// More demands than before are tighter.
fn by_demands<T: Ord>(old: &BTreeSet<T>, new: &BTreeSet<T>) -> Option<Strictness> {
    how(old, new, |one, other| other.is_subset(one))
}

/// A comparison on its way through the values.
pub(super) struct Comparison<'a, 'c> {
    pub(super) around: Around<'a>,
    pub(super) changes: &'c mut Vec<Change>,
    /// What every change is called: where a value must have one form alone, nobody can tell what a change of a form comes
    /// to.
    pub(super) all_are: Option<Strictness>,
}

impl<'a> Comparison<'a, '_> {
    /// Compares the values at one place. Gives back whether some change is told of a type; any other is told here.
    pub(super) fn domains(&mut self, place: &Place<'_>, old: &Domain, new: &Domain, typed: &Typed<'a>) -> bool {
        let Some(all) = how(old, new, Domain::is_within) else { return false };
        let before = self.changes.len();
        let says_nothing = |one: &Domain, other: &Domain| *one == Domain::Any && !other.has_all_types();
        let is_told = !says_nothing(old, new) && !says_nothing(new, old) && self.forms(place, old, new, typed);
        if self.changes.len() == before && !is_told {
            let is_listed = [old, new].iter().any(|side| **side != Domain::Any && listed(&side.forms()).is_some());
            let words = |side: &Domain| if is_listed && *side == Domain::Any { String::new() } else { side.words() };
            let texts = (words(old), words(new));
            match is_listed {
                true => self.tell(place, ChangeKind::ValuesChanged, "listed values", all, texts),
                false => self.tell(place, ChangeKind::RulesChanged, "rules", all, texts),
            }
        }
        is_told
    }

    /// Compares form by form. Gives back whether some change is told elsewhere.
    fn forms(&mut self, place: &Place<'_>, old: &Domain, new: &Domain, typed: &Typed<'a>) -> bool {
        let (old_forms, new_forms) = (old.forms(), new.forms());
        let (old_demands, new_demands) = (common(&old_forms), common(&new_forms));
        let outer = self.all_are;
        let others = strictness(&old.without(&old_demands), &new.without(&new_demands));
        if is_unclear(&old_demands, &new_demands, others) {
            self.all_are = Some(Strictness::Changed);
        }
        let before = self.changes.len();
        let is_told = match (listed(&old_forms), listed(&new_forms)) {
            (Some(_), Some(_)) => self.values(place, &old_forms, &new_forms, typed),
            _ => {
                let several = typed.has_forms() && (are_several(&old_forms) || are_several(&new_forms));
                let at = |word: &str| place.part(&if several { format!("<{word}>") } else { String::new() });
                let mut pairs = pair(&old_forms, &new_forms);
                let split = split(&old_forms, &new_forms, &pairs);
                let is_whole = |form: &&Form| !split.iter().any(|other| other.is_alike(form));
                let (old_whole, new_whole) = (old_forms.iter().filter(is_whole), new_forms.iter().filter(is_whole));
                pairs.retain(|(before, _)| is_whole(before));
                let wholes = ((old_whole.collect(), old), (new_whole.collect(), new));
                let mut is_told = self.unpaired(place, wholes.0, wholes.1, &pairs, typed);
                for one in split {
                    let of = |forms: &[Form]| forms.iter().filter(|form| form.is_alike(one)).cloned().collect();
                    is_told |= self.split(&at(one.word()), (of(&old_forms), of(&new_forms)), typed);
                }
                for (before, after) in pairs {
                    is_told |= self.form(&at(before.word()), before, after, (&old_demands, &new_demands), typed);
                }
                is_told
            }
        };
        self.demands(place, &old_demands, &new_demands, before);
        self.all_are = outer;
        is_told
    }

    /// Values that are listed one by one on both sides. Variants tell of texts.
    fn values(&mut self, place: &Place<'_>, old: &[Form], new: &[Form], typed: &Typed<'a>) -> bool {
        let (before, after) = (listed(old).unwrap_or_default(), listed(new).unwrap_or_default());
        let tells = |values: &[String], others: &[String], told: &BTreeSet<String>| -> Vec<String> {
            let kept = |value: &&String| others.contains(value) || !told.contains(*value);
            values.iter().filter(kept).cloned().collect()
        };
        let (gone, fresh) = typed.variants(self.around);
        let (shown_before, shown_after) = (tells(&before, &after, &gone), tells(&after, &before, &fresh));
        let sets = |values: &[String]| values.iter().cloned().collect::<BTreeSet<_>>();
        if let Some(strictness) = how(&sets(&shown_before), &sets(&shown_after), BTreeSet::is_subset) {
            let texts = (shown_before.join(", "), shown_after.join(", "));
            self.tell(place, ChangeKind::ValuesChanged, "listed values", strictness, texts);
        }
        shown_before.len() < before.len() || shown_after.len() < after.len()
    }

    /// Forms that are on one side only.
    fn unpaired(
        &mut self,
        place: &Place<'_>,
        (old_forms, old): (Vec<&Form>, &Domain),
        (new_forms, new): (Vec<&Form>, &Domain),
        pairs: &[(&Form, &Form)],
        typed: &Typed<'a>,
    ) -> bool {
        let alone = |form: &&Form, of: &Domain| {
            !is_paired(form, pairs) && !of.forms().iter().any(|other| form.is_within(other))
        };
        let words = |forms: Vec<&Form>| forms.iter().map(|form| form.words()).collect::<Vec<_>>().join(", or ");
        let gone = words(old_forms.into_iter().filter(|form| alone(form, new)).collect());
        let fresh = words(new_forms.into_iter().filter(|form| alone(form, old)).collect());
        let is_told = (typed.gone && !gone.is_empty()) || (typed.fresh && !fresh.is_empty());
        if !gone.is_empty() && !typed.gone {
            let what = "values that are no longer allowed";
            self.tell(place, ChangeKind::RulesChanged, what, Strictness::Tightened, (gone, String::new()));
        }
        if !fresh.is_empty() && !typed.fresh {
            let what = "values that are allowed too";
            self.tell(place, ChangeKind::RulesChanged, what, Strictness::Loosened, (String::new(), fresh));
        }
        is_told
    }

    /// Conditions known by their words. That a value has one form alone is told where no form changed.
    fn demands(&mut self, place: &Place<'_>, old: &BTreeSet<Demand>, new: &BTreeSet<Demand>, before: usize) {
        let is_told = self.changes.len() > before;
        let own = |demands: &BTreeSet<Demand>| -> BTreeSet<Demand> {
            demands.iter().filter(|demand| !(demand.is_choice && is_told)).cloned().collect()
        };
        let (old, new) = (own(old), own(new));
        if let Some(strictness) = by_demands(&old, &new) {
            let texts = Demand::words(&old, &new);
            self.tell(place, ChangeKind::RulesChanged, "rules", strictness, texts);
        }
    }

    /// Compares two forms of one type. Gives back whether some change is told elsewhere.
    fn form(
        &mut self,
        place: &Place<'_>,
        old: &Form,
        new: &Form,
        (old_common, new_common): (&BTreeSet<Demand>, &BTreeSet<Demand>),
        typed: &Typed<'a>,
    ) -> bool {
        let before = self.changes.len();
        let (old_demands, new_demands) = (&old.demands - old_common, &new.demands - new_common);
        let outer = self.all_are;
        let others = how(&old.kind, &new.kind, Kind::is_within);
        if is_unclear(&old_demands, &new_demands, others) {
            self.all_are = Some(Strictness::Changed);
        }
        let is_listed = old.listed().or_else(|| new.listed()).is_some();
        let is_told = match (&old.kind, &new.kind) {
            (Kind::Texts(_), Kind::Texts(_)) if old.listed().and(new.listed()).is_some() => {
                self.values(place, std::slice::from_ref(old), std::slice::from_ref(new), typed)
            }
            (Kind::Objects(before), Kind::Objects(after)) if !is_listed => self.objects(place, before, after, typed),
            (Kind::Lists(before), Kind::Lists(after)) if !is_listed => self.lists(place, before, after, typed),
            (Kind::Numbers(before), Kind::Numbers(after)) if !is_listed => {
                self.numbers(place, before, after);
                false
            }
            (Kind::Texts(before), Kind::Texts(after)) if !is_listed => {
                self.texts(place, before, after);
                false
            }
            _ => {
                self.listed(place, old, new);
                false
            }
        };
        self.demands(place, &old_demands, &new_demands, before);
        self.all_are = outer;
        is_told
    }
}

/// The demands that all forms make.
fn common(forms: &[Form]) -> BTreeSet<Demand> {
    let all = forms.iter().map(|form| form.demands.clone());
    all.reduce(|all, some| &all & &some).unwrap_or_default()
}

/// Whether nobody can tell what a change comes to: the condition that a value has one form alone is another, or one that is
/// known by its words came or went while all else moved the other way, and may say the same.
fn is_unclear(old: &BTreeSet<Demand>, new: &BTreeSet<Demand>, others: Option<Strictness>) -> bool {
    let is_choice = old.symmetric_difference(new).any(|demand| demand.is_choice);
    is_choice || matches!((by_demands(old, new), others), (Some(one), Some(other)) if one != other)
}

/// Whether there are several types of values beside null.
fn are_several(forms: &[Form]) -> bool {
    forms.iter().map(Form::word).filter(|word| *word != "null").collect::<BTreeSet<_>>().len() > 1
}

/// All values, if they are listed one by one; boolean alone is a type.
fn listed(forms: &[Form]) -> Option<Vec<String>> {
    let all: Vec<Vec<String>> = forms.iter().map(Form::listed).collect::<Option<_>>()?;
    let is_boolean = forms.iter().all(|form| matches!(form.kind, Kind::Null | Kind::Booleans(_)));
    (!is_boolean).then(|| all.concat())
}

/// The server's words for a limit that stayed.
fn messages(place: &Place<'_>, old: &[Rule], new: &[Rule], changes: &mut Vec<Change>) {
    let words = |rules: &[Rule]| -> BTreeMap<String, String> {
        let limits = rules.iter().filter_map(|rule| match rule {
            Rule::Validation { rule, value, message } => Some((format!("{rule} {value}"), message.clone())),
            _ => None,
        });
        limits.collect()
    };
    let after = words(new);
    for (limit, before) in words(old) {
        if let Some(after) = after.get(&limit).filter(|after| **after != before) {
            let sentence = format!("the server's words for {}: {}", show::code(&limit), show::arrow(&before, after));
            changes.push(place.change(ChangeKind::DescriptionChanged, before, after, sentence));
        }
    }
    let items = |rules: &[Rule]| -> Vec<Rule> {
        let all =
            rules.iter().filter_map(|rule| if let Rule::Items(items) = rule { Some(items.clone()) } else { None });
        all.flatten().collect()
    };
    let (before, after) = (items(old), items(new));
    if !before.is_empty() && !after.is_empty() {
        messages(&place.part("[]"), &before, &after, changes);
    }
}
