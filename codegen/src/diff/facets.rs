//! Two sets of values of one type, old and new, in; what changed about them out, facet by facet: bounds, lengths, numbers
//! of items, patterns, listed values, and the values within.

use std::collections::BTreeSet;

use super::kind::{ChangeKind, Strictness};
use super::meaning::{Domain, Form, Kind, Lists, Numbers, Objects, Span, Texts};
use super::report::{Change, Place};
use super::rules::{Comparison, how};
use super::show;
use super::typed::Typed;

impl<'a> Comparison<'a, '_> {
    /// Adds a change of the values that are allowed.
    pub(super) fn tell(
        &mut self,
        place: &Place<'_>,
        kind: ChangeKind,
        what: &str,
        strictness: Strictness,
        (before, after): (String, String),
    ) {
        let strictness = self.all_are.unwrap_or(strictness);
        let sentence = format!("{what} {}: {}", strictness.as_str(), show::arrow(&before, &after));
        let change = Change { strictness: Some(strictness), ..place.change(kind, before, after, sentence) };
        self.changes.push(change);
    }

    /// Listed values on one side or both; a type without a list shows nothing.
    pub(super) fn listed(&mut self, place: &Place<'_>, old: &Form, new: &Form) {
        let text = |form: &Form| match (&form.kind, form.listed()) {
            (Kind::Booleans(values), _) if values.len() == 2 => String::new(),
            (Kind::Numbers(numbers), _) => numbers.text(),
            (_, Some(listed)) => listed.join(", "),
            (Kind::Texts(texts), None) => texts.own_words(),
            _ => String::new(),
        };
        let is_within = |one: &Form, other: &Form| one.kind.is_within(&other.kind);
        if let Some(strictness) = how(old, new, is_within) {
            self.tell(place, ChangeKind::ValuesChanged, "listed values", strictness, (text(old), text(new)));
        }
    }

    pub(super) fn numbers(&mut self, place: &Place<'_>, old: &Numbers, new: &Numbers) {
        let Some(strictness) = how(old, new, Numbers::is_within) else { return };
        let text = |numbers: &Numbers| match old.whole == new.whole {
            true => numbers.text(),
            false => numbers.words(),
        };
        self.tell(place, ChangeKind::BoundsChanged, "bounds", strictness, (text(old), text(new)));
    }

    pub(super) fn texts(&mut self, place: &Place<'_>, old: &Texts, new: &Texts) {
        let mut facet = |kind, what, part: fn(&Texts) -> Texts, text: fn(&Texts) -> String| {
            if let Some(strictness) = how(&part(old), &part(new), Texts::is_within) {
                self.tell(place, kind, what, strictness, (text(old), text(new)));
            }
        };
        let length = |texts: &Texts| Texts { length: texts.length, ..Texts::default() };
        facet(ChangeKind::LengthChanged, "length", length, |texts| texts.length.text());
        let patterns = |texts: &Texts| Texts { patterns: texts.patterns.clone(), ..Texts::default() };
        facet(ChangeKind::PatternChanged, "pattern", patterns, Texts::patterns_text);
        let media = |texts: &Texts| Texts { media: texts.media.clone(), ..Texts::default() };
        facet(ChangeKind::RulesChanged, "kind of media", media, Texts::media_text);
        let limits = |texts: &Texts| Texts { limits: texts.limits.clone(), ..Texts::default() };
        facet(ChangeKind::FileLimitChanged, "limits on the file", limits, Texts::limits_text);
    }

    pub(super) fn lists(&mut self, place: &Place<'_>, old: &Lists, new: &Lists, typed: &Typed<'a>) -> bool {
        let counts = how(&old.count, &new.count, Span::is_within);
        let repeats = match (old.unique, new.unique) {
            (false, true) => Some(Strictness::Tightened),
            (true, false) => Some(Strictness::Loosened),
            _ => None,
        };
        if let Some(strictness) = Strictness::of_all([counts, repeats]) {
            let texts = (old.count_text(), new.count_text());
            self.tell(place, ChangeKind::ItemCountChanged, "number of items", strictness, texts);
        }
        // Where one side has no item, the number of items tells it.
        let reach = |place: &usize| old.reaches(*place) && new.reaches(*place);
        let places = old.prefix().max(new.prefix());
        let mut is_told = false;
        for at in (0..places).filter(reach) {
            let typed = typed.item_at(at, self.around);
            is_told |= self.domains(&place.part(&format!("[{at}]")), old.at(at), new.at(at), &typed);
        }
        if reach(&places) {
            is_told |= self.domains(&place.part("[]"), old.items(), new.items(), &typed.items(self.around));
        }
        is_told
    }

    pub(super) fn objects(&mut self, place: &Place<'_>, old: &Objects, new: &Objects, typed: &Typed<'a>) -> bool {
        let mut is_told = false;
        let names: BTreeSet<&String> = old.keys.keys().chain(new.keys.keys()).collect();
        for name in names {
            let (before, after) = (old.requires(name), new.requires(name));
            if before == after && old.at(name).is_same(new.at(name)) {
                continue;
            }
            if typed.tells_of(name, old, new, self.around) {
                is_told = true;
                continue;
            }
            let place = place.part(&format!(".{name}"));
            match (before, after) {
                (false, true) => self.presence(&place, Strictness::Tightened, ("optional", "required")),
                (true, false) => self.presence(&place, Strictness::Loosened, ("required", "optional")),
                _ => {}
            }
            is_told |= self.domains(&place, old.at(name), new.at(name), &typed.field(name, self.around));
        }
        is_told |= self.others(place, &old.rest, &new.rest, typed);
        if let Some(strictness) = how(&old.names, &new.names, Domain::is_within) {
            let texts = (old.names.words(), new.names.words());
            self.tell(place, ChangeKind::RulesChanged, "names of keys", strictness, texts);
        }
        // What the keys say is told of them.
        let counts = how(&old.counted(), &new.counted(), Span::is_within);
        if let Some(strictness) = counts.and(how(&old.count, &new.count, Span::is_within)) {
            let texts = (old.count.text(), new.count.text());
            self.tell(place, ChangeKind::RulesChanged, "number of keys", strictness, texts);
        }
        is_told
    }

    fn presence(&mut self, place: &Place<'_>, strictness: Strictness, (before, after): (&str, &str)) {
        let texts = (before.to_owned(), after.to_owned());
        self.tell(place, ChangeKind::RulesChanged, "the key", strictness, texts);
    }

    /// The values at keys that are not named.
    fn others(&mut self, place: &Place<'_>, old: &Domain, new: &Domain, typed: &Typed<'a>) -> bool {
        match (old.is_empty(), new.is_empty()) {
            (false, false) => self.domains(&place.part("{}"), old, new, &typed.values(self.around)),
            (true, true) => false,
            (_, is_closed) => {
                let strictness = if is_closed { Strictness::Tightened } else { Strictness::Loosened };
                self.tell(place, ChangeKind::RulesChanged, "other keys", strictness, (old.words(), new.words()));
                false
            }
        }
    }
}
