//! A field's rules in words, as `--help` and `show` have them. Must not know clap, nor check anything.

use runcomfy_client::schema::{Const, Field, Rule, Types};
use runcomfy_client::{Json, MediaKind};

use crate::seen;

/// How the value of a field is given on a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text.
    Text,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Switch,
    /// A file, a URL, or the name of a sample.
    Media(MediaKind),
    /// The flag may be given several times.
    List(Box<Shape>),
    /// JSON, or a text where it is none.
    Any,
}

impl Shape {
    /// What these rules allow.
    pub(crate) fn of(rules: &[Rule]) -> Self {
        if let Some(kind) = media(rules) {
            return Self::Media(kind);
        }
        let Some(types) = types(rules) else {
            return match constants(rules) {
                Some(values) if values.iter().all(|value| matches!(value, Const::Str(_))) => Self::Text,
                _ => Self::Any,
            };
        };
        // Null is how some schemas say that a field may be left out.
        let within = |of: Types| of.or(Types::NULL).contains(types);
        match () {
            () if within(Types::STRING) => Self::Text,
            () if within(Types::INTEGER) => Self::Integer,
            () if within(Types::NUMBER) => Self::Number,
            () if within(Types::BOOLEAN) => Self::Switch,
            () if within(Types::ARRAY) => Self::List(Box::new(Self::of(items(rules)))),
            () => Self::Any,
        }
    }

    /// What stands for the value in a usage line.
    pub(crate) fn placeholder(&self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Integer => "INTEGER",
            Self::Number => "NUMBER",
            Self::Switch => "BOOL",
            Self::Media(MediaKind::Image) => "IMAGE",
            Self::Media(MediaKind::Video) => "VIDEO",
            Self::Media(MediaKind::Audio) => "AUDIO",
            Self::Media(_) => "FILE",
            Self::List(item) => item.placeholder(),
            Self::Any => "JSON",
        }
    }
}

fn types(rules: &[Rule]) -> Option<Types> {
    rules.iter().find_map(|rule| if let Rule::Type(types) = rule { Some(*types) } else { None })
}

/// The rules of a list's items; of those that differ by place, the first.
fn items(rules: &[Rule]) -> &'static [Rule] {
    let each = rules.iter().find_map(|rule| match *rule {
        Rule::Items(items) => Some(items),
        Rule::PrefixItems(items) => items.first().copied(),
        _ => None,
    });
    each.unwrap_or_default()
}

fn media(rules: &[Rule]) -> Option<MediaKind> {
    rules.iter().find_map(|rule| if let Rule::Media(kind) = rule { Some(*kind) } else { None })
}

fn constants(rules: &[Rule]) -> Option<&'static [Const]> {
    rules.iter().find_map(|rule| if let Rule::Values(values) = *rule { Some(values) } else { None })
}

/// The values that a field may have, where they are listed, as they are given on a command line.
pub(crate) fn values(rules: &[Rule]) -> Vec<String> {
    let listed = constants(rules).or_else(|| constants(items(rules))).unwrap_or_default();
    listed.iter().map(plain).collect()
}

/// A constant as it is given on a command line.
fn plain(value: &Const) -> String {
    match Json::from(value) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// A constant as people see it.
fn shown(value: &Const) -> String {
    seen::line(&plain(value)).into_owned()
}

/// What a field is, in its own words, as people see them.
pub(crate) fn about(field: &Field) -> String {
    seen::lines(published(field)).into_owned()
}

/// What a field is, in its own words: its title, where there is no description and it says more than the name.
pub(crate) fn published(field: &Field) -> &'static str {
    let said: String =
        field.title.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    match (field.description.trim(), said == field.name) {
        ("", true) => "",
        ("", false) => field.title.trim(),
        (description, _) => description,
    }
}

/// What these rules allow, each in a few words: `2 to 40`, `at most 10 items`, `one of a, b`.
pub(crate) fn allowed(rules: &[Rule]) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(listed) = constants(rules) {
        said.push(format!("one of {}", listed.iter().map(shown).collect::<Vec<_>>().join(", ")));
    }
    said.extend(range(rules));
    said.extend(rules.iter().filter_map(|rule| match rule {
        Rule::MultipleOf(step) => Some(format!("in steps of {step}")),
        Rule::Pattern(pattern) => Some(format!("matches {}", seen::line(pattern.source()))),
        Rule::UniqueItems => Some("no two alike".to_owned()),
        Rule::Validation(validation) => {
            Some(format!("{} {}", seen::line(&validation.rule.replace('_', " ")), validation.value))
        }
        _ => None,
    }));
    said.extend(count(rules, "characters", |rule| match *rule {
        Rule::MinLength(low) => Some((low, true)),
        Rule::MaxLength(high) => Some((high, false)),
        _ => None,
    }));
    said.extend(count(rules, "items", |rule| match *rule {
        Rule::MinItems(low) => Some((low, true)),
        Rule::MaxItems(high) => Some((high, false)),
        _ => None,
    }));
    let each = allowed_each(rules);
    if !each.is_empty() {
        said.push(format!("each {}", each.join(", ")));
    }
    said
}

fn allowed_each(rules: &[Rule]) -> Vec<String> {
    let items = items(rules);
    if items.is_empty() { Vec::new() } else { allowed(items) }
}

fn range(rules: &[Rule]) -> Option<String> {
    let low = rules.iter().find_map(|rule| match rule {
        Rule::Minimum(low) => Some(("at least", low)),
        Rule::ExclusiveMinimum(low) => Some(("above", low)),
        _ => None,
    });
    let high = rules.iter().find_map(|rule| match rule {
        Rule::Maximum(high) => Some(("at most", high)),
        Rule::ExclusiveMaximum(high) => Some(("below", high)),
        _ => None,
    });
    match (low, high) {
        (Some(("at least", low)), Some(("at most", high))) => Some(format!("{low} to {high}")),
        (Some((from, low)), Some((to, high))) => Some(format!("{from} {low}, {to} {high}")),
        (Some((word, bound)), None) | (None, Some((word, bound))) => Some(format!("{word} {bound}")),
        (None, None) => None,
    }
}

/// How many there may be, where `bound` gives the lower bound with `true` and the upper with `false`.
fn count(rules: &[Rule], unit: &str, bound: impl Fn(&Rule) -> Option<(u64, bool)>) -> Option<String> {
    let find = |wanted| rules.iter().filter_map(&bound).find(|(_, is_low)| *is_low == wanted).map(|(count, _)| count);
    match (find(true), find(false)) {
        (Some(low), Some(high)) if low == high => Some(format!("{low} {unit}")),
        (Some(low), Some(high)) => Some(format!("{low} to {high} {unit}")),
        (Some(low), None) if low > 0 => Some(format!("at least {low} {unit}")),
        (None, Some(high)) => Some(format!("at most {high} {unit}")),
        _ => None,
    }
}

/// The published default as it is given on a command line; none where it is a sample of the playground.
pub(crate) fn default(field: &Field) -> Option<String> {
    match (Shape::of(field.rules), field.default_value()?) {
        (Shape::Media(_) | Shape::List(_), _) | (_, Json::Null) => None,
        (Shape::Text, Json::String(text)) if field.required || values(field.rules).is_empty() && text.len() > 24 => {
            None
        }
        (_, Json::String(text)) if text.is_empty() => None,
        (_, Json::String(text)) => Some(seen::line(&text).into_owned()),
        (_, other) => Some(seen::line(&other.to_string()).into_owned()),
    }
}
