//! Rules in, the [`Domain`] of the values that keep them all out.

use serde_json::Value;
use std::collections::BTreeSet;

use super::fragment::fragment;
use super::object::Key;
use super::{Demand, Domain, Form, Kind, Lists, MAX_FORMS, Num, Numbers, Objects, Span, Texts, canonical};
use crate::ir::{Rule, Type, TypeId};
use crate::spelling;

/// The values that keep all these rules.
pub(in crate::diff) fn domain(rules: &[Rule], types: &[Type]) -> Domain {
    Reader { types, inside: Vec::new() }.all(rules).named()
}

struct Reader<'t> {
    types: &'t [Type],
    /// The tables that are being read.
    inside: Vec<TypeId>,
}

/// What the rules of one list say of each type of value.
#[derive(Default)]
struct Own {
    numbers: Numbers,
    texts: Texts,
    lists: Lists,
    objects: Objects,
    /// What is said of objects that hold themselves.
    again: BTreeSet<Demand>,
}

impl Reader<'_> {
    fn all(&mut self, rules: &[Rule]) -> Domain {
        let mut own = Own::default();
        rules.iter().for_each(|rule| self.own(rule, &mut own));
        let objects = own.objects.settled().map(|objects| Form { kind: Kind::Objects(objects), demands: own.again });
        let others = [
            Some(Kind::Null),
            Some(Kind::Booleans([false, true].into())),
            own.numbers.settled().map(Kind::Numbers),
            own.texts.settled().map(Kind::Texts),
            own.lists.settled().map(Kind::Lists),
        ];
        let forms = others.into_iter().flatten().map(Form::of).chain(objects);
        let types =
            rules.iter().filter_map(|rule| if let Rule::Type(names) = rule { Some(typed(names)) } else { None });
        let types = types.fold(Domain::Any, |all, some| all.and(&some));
        rules.iter().fold(Domain::of(forms), |all, rule| {
            let with = self.combined(rule, &types);
            match all.size().saturating_mul(with.size()) > MAX_FORMS * 6 {
                true => all.and(&self.unread(rule)),
                false => all.and(&with),
            }
        })
    }

    /// What a rule says of one type of value.
    fn own(&mut self, rule: &Rule, own: &mut Own) {
        let (numbers, texts, lists, objects) = (&mut own.numbers, &mut own.texts, &mut own.lists, &mut own.objects);
        match rule {
            Rule::Minimum(value) => numbers.raise(Num::of(value), false),
            Rule::ExclusiveMinimum(value) => numbers.raise(Num::of(value), true),
            Rule::Maximum(value) => numbers.cap(Num::of(value), false),
            Rule::ExclusiveMaximum(value) => numbers.cap(Num::of(value), true),
            Rule::MultipleOf(step) => numbers.step(Num::of(step)),
            Rule::MinLength(least) => texts.length = texts.length.and(at_least(*least)),
            Rule::MaxLength(most) => texts.length = texts.length.and(at_most(*most)),
            Rule::Pattern(pattern) if MATCH_ALL.contains(&pattern.as_str()) => {}
            Rule::Pattern(pattern) => _ = texts.patterns.insert(pattern.clone()),
            Rule::Media(kind) => _ = texts.media.insert(*kind),
            Rule::Validation { rule, value, .. } => texts.limit(rule, value.as_f64().unwrap_or_default()),
            Rule::Items(rules) => lists.items = lists.items.and(&self.all(rules)),
            Rule::PrefixItems(parts) => lists.prefix = parts.iter().map(|part| self.all(part)).collect(),
            Rule::MinItems(least) => lists.count = lists.count.and(at_least(*least)),
            Rule::MaxItems(most) => lists.count = lists.count.and(at_most(*most)),
            Rule::UniqueItems => lists.unique = true,
            Rule::AdditionalProperties(rules) => objects.rest = objects.rest.and(&self.all(rules)),
            Rule::NoAdditionalProperties => objects.rest = Domain::none(),
            Rule::PropertyNames(rules) => objects.names = objects.names.and(&names(&self.all(rules))),
            Rule::MinProperties(least) => objects.count = objects.count.and(at_least(*least)),
            Rule::MaxProperties(most) => objects.count = objects.count.and(at_most(*most)),
            Rule::Properties(id) => own.again.extend(self.table(*id, objects)),
            _ => {}
        }
    }

    /// The fields of a table. Of one that is being read, what holds it is said to be held again.
    fn table(&mut self, id: TypeId, objects: &mut Objects) -> Option<Demand> {
        let object = self.types.get(id)?.kind.object()?;
        if let Some(place) = self.inside.iter().position(|inside| *inside == id) {
            let text = format!("the object {} levels up again", self.inside.len() - place);
            return Some(Demand { shown: text.clone(), text, is_choice: false });
        }
        self.inside.push(id);
        for field in &object.fields {
            let values = self.all(&field.rules);
            let name = if field.json.is_empty() { &field.key } else { &field.json };
            let key = match objects.keys.remove(&field.key) {
                Some(key) => Key { required: key.required || field.required, values: key.values.and(&values), ..key },
                None => Key { wire: field.key.clone(), name: name.clone(), required: field.required, values },
            };
            objects.keys.insert(field.key.clone(), key);
        }
        self.inside.pop();
        None
    }

    /// What a rule says of values of all types, where they have one of these.
    fn combined(&mut self, rule: &Rule, types: &Domain) -> Domain {
        match rule {
            Rule::Type(names) => typed(names),
            Rule::Values(values) => listed(values),
            Rule::Never => Domain::none(),
            Rule::AllOf(parts) => parts.iter().fold(Domain::Any, |all, part| all.and(&self.all(part))),
            Rule::AnyOf(parts) => parts.iter().fold(Domain::none(), |any, part| any.or(&self.all(part))),
            Rule::OneOf(parts) => self.one_of(parts, types),
            Rule::Fragment { keywords, document } => fragment(keywords, document),
            _ => Domain::Any,
        }
    }

    /// Forms that share no value are as good as those of `anyOf`.
    fn one_of(&mut self, parts: &[Vec<Rule>], types: &Domain) -> Domain {
        let parts: Vec<Domain> = parts.iter().map(|part| types.and(&self.all(part))).collect();
        let (mut any, mut is_disjoint) = (Domain::none(), true);
        for part in &parts {
            is_disjoint &= any.is_apart(part);
            any = any.or(part);
        }
        if is_disjoint {
            return any;
        }
        let sorted = |mut texts: Vec<String>| {
            texts.sort();
            texts.join(" | ")
        };
        let parts: Vec<Domain> = parts.into_iter().map(Domain::named).collect();
        let shown = sorted(parts.iter().map(|part| format!("({})", part.words())).collect());
        let text = sorted(parts.iter().map(|part| format!("{part:?}")).collect());
        let demand = Demand { text, shown: format!("exactly one of {shown}"), is_choice: true };
        any.and(&Domain::demanding(&demand, |_| true))
    }

    /// A rule that is known by its words alone.
    fn unread(&self, rule: &Rule) -> Domain {
        let (keyword, text) = spelling::rule(rule, self.types);
        let text = format!("{keyword} {text}");
        Domain::demanding(&Demand { shown: text.clone(), text, is_choice: false }, |_| true)
    }
}

/// Patterns that every text matches.
const MATCH_ALL: [&str; 5] = ["", "^", "$", ".*", "^.*"];

/// What is said of names, which are texts.
fn names(said: &Domain) -> Domain {
    let texts = typed(&["string".to_owned()]);
    let names = texts.and(said);
    if names == texts { Domain::Any } else { names }
}

fn at_least(least: u64) -> Span {
    Span { least, most: None }
}

fn at_most(most: u64) -> Span {
    Span { least: 0, most: Some(most) }
}

fn typed(names: &[String]) -> Domain {
    let form = |name: &String| match name.as_str() {
        "null" => Some(Kind::Null),
        "boolean" => Some(Kind::Booleans([false, true].into())),
        "integer" => Some(Kind::Numbers(Numbers::integers())),
        "number" => Some(Kind::Numbers(Numbers::default())),
        "string" => Some(Kind::Texts(Texts::default())),
        "array" => Some(Kind::Lists(Lists::default())),
        "object" => Some(Kind::Objects(Objects::default())),
        _ => None,
    };
    Domain::of(names.iter().filter_map(form).map(Form::of))
}

fn listed(values: &[Value]) -> Domain {
    let texts = values.iter().filter_map(Value::as_str).map(str::to_owned);
    let numbers = values.iter().filter_map(Value::as_number).map(Num::of);
    let booleans = values.iter().filter_map(Value::as_bool);
    let with = |is_it: fn(&Value) -> bool| {
        values.iter().filter(move |value| is_it(value)).map(|value| (canonical(value).to_string(), value.clone()))
    };
    let kinds = [
        values.contains(&Value::Null).then_some(Kind::Null),
        Some(booleans.collect::<BTreeSet<bool>>()).filter(|all| !all.is_empty()).map(Kind::Booleans),
        Numbers::listed(numbers).settled().map(Kind::Numbers),
        Texts::listed(texts).settled().map(Kind::Texts),
        Lists { listed: Some(with(Value::is_array).collect()), ..Lists::default() }.settled().map(Kind::Lists),
        Objects { listed: Some(with(Value::is_object).collect()), ..Objects::default() }.settled().map(Kind::Objects),
    ];
    Domain::of(kinds.into_iter().flatten().map(Form::of))
}
