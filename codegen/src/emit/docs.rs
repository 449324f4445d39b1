//! What docs say about a field: its published texts, its rules and its default in, lines of Markdown out. Published texts
//! go through [`markdown`], which makes them harmless. Must not know Rust syntax.

mod markdown;
mod plain;

pub(super) use markdown::{code, link, prose, value};
pub(super) use plain::{choice, object};

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ir::{Catalog, Facts, Field, Media, Rule, Ty, Type};
use crate::table::{default, is_sample};

/// How many values of a list docs spell out.
const MAX_VALUES: usize = 40;

/// The docs of a field, line by line: what it is, then the facts, and the key that it is sent under.
#[must_use]
pub(super) fn field(field: &Field, types: &[Type]) -> Vec<String> {
    let mut lines = setter(field, types);
    if lines.len() == 1 {
        lines.push(String::new());
    }
    lines.push(format!("- wire key: {}", code(&field.key)));
    lines
}

/// The docs of a setter, line by line: what the field is, then the facts that matter to whoever chooses a value.
#[must_use]
pub(super) fn setter(field: &Field, types: &[Type]) -> Vec<String> {
    let (title, description) = (prose(&field.title), prose(&field.description));
    let mut facts = facts(&field.rules, &field.ty);
    let head = match (title.is_empty(), description.is_empty()) {
        (false, false) => format!("{title}: {description}"),
        (false, true) => sentence(&title),
        (true, false) => description,
        (true, true) => {
            facts.retain(|(label, _)| !plain::TOLD.contains(label));
            plain::field(field, types)
        }
    };
    let mut told: Vec<(&str, String)> = unit(&field.title).map(|unit| ("unit", prose(unit))).into_iter().collect();
    told.extend(facts);
    if !field.format.is_empty() && !field.format.ends_with("_uri") {
        told.push(("format", code(&field.format)));
    }
    if let Some(default) = default(field) {
        let label =
            if is_sample(field) { "sample of the playground, never sent by itself" } else { "published default" };
        told.push((label, value(&default)));
    }
    let mut lines = vec![head];
    if !told.is_empty() {
        lines.push(String::new());
        lines.extend(told.into_iter().map(|(label, text)| format!("- {label}: {text}")));
    }
    lines
}

/// Where what is known was read, and of which day it is.
#[must_use]
pub(super) fn origin(facts: &Facts) -> String {
    let bare = if facts.are_bare { "; published texts are left out" } else { "" };
    format!("as of {}, from {}{bare}", facts.as_of, prose(&facts.source))
}

/// Every such place with the number of models that were read there.
#[must_use]
pub(super) fn origins(catalog: &Catalog) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    catalog.models.iter().for_each(|model| *counts.entry(origin(&model.facts)).or_default() += 1);
    counts
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// What the rules say, for people: ranges, lengths, values.
#[must_use]
pub(super) fn facts(rules: &[Rule], ty: &Ty) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(range(rules).map(|range| ("range", range)));
    for rule in rules {
        match rule {
            Rule::Values(values) if !matches!(ty, Ty::Named(_)) => facts.push(("values", list(values))),
            Rule::MultipleOf(step) => facts.push(("multiple of", code(&step.to_string()))),
            Rule::Pattern(pattern) => facts.push(("pattern", code(pattern))),
            Rule::Fragment { keywords, .. } => facts.push(("besides", code(&keywords.to_string()))),
            Rule::UniqueItems => facts.push(("each item", "once at most".to_owned())),
            Rule::Media(kind) => facts.push(("takes", media(*kind).to_owned())),
            Rule::Validation { rule, value, .. } => facts.push(("file", format!("{} {value}", prose(rule)))),
            Rule::Items(items) => {
                let items = self::facts(items, &Ty::Json).into_iter();
                facts.extend(
                    items
                        .filter(|(label, _)| *label != "takes")
                        .map(|(label, text)| ("each item", format!("{label} {text}"))),
                );
            }
            _ => {}
        }
    }
    facts.extend(length(rules).map(|count| ("length", count)));
    facts.extend(item_count(rules).map(|count| ("items", count)));
    facts
}

fn list(values: &[Value]) -> String {
    let mut shown: Vec<String> = values.iter().take(MAX_VALUES).map(value).collect();
    if values.len() > MAX_VALUES {
        shown.push(format!("and {} more", values.len() - MAX_VALUES));
    }
    shown.join(", ")
}

fn media(kind: Media) -> &'static str {
    match kind {
        Media::Image => "an image: https URL, `data:` URI or the name of a hosted sample",
        Media::Video => "a video: https URL, `data:` URI or the name of a hosted sample",
        Media::Audio => "audio: https URL, `data:` URI or the name of a hosted sample",
    }
}

/// The bounds of a number in words: `2 to 40`, `above 0`, `at most 10`.
#[must_use]
pub(super) fn range(rules: &[Rule]) -> Option<String> {
    let (mut low, mut high) = (None, None);
    for rule in rules {
        match rule {
            Rule::Minimum(bound) => low = Some((bound, true)),
            Rule::ExclusiveMinimum(bound) => low = Some((bound, false)),
            Rule::Maximum(bound) => high = Some((bound, true)),
            Rule::ExclusiveMaximum(bound) => high = Some((bound, false)),
            _ => {}
        }
    }
    match (low, high) {
        (None, None) => None,
        (Some((low, true)), Some((high, true))) => Some(format!("{low} to {high}")),
        (low, high) => {
            let low = low.map(|(bound, with)| format!("{} {bound}", if with { "at least" } else { "above" }));
            let high = high.map(|(bound, with)| format!("{} {bound}", if with { "at most" } else { "below" }));
            Some(low.into_iter().chain(high).collect::<Vec<_>>().join(", "))
        }
    }
}

/// How long a text may be: `1 to 2500 characters`.
fn length(rules: &[Rule]) -> Option<String> {
    let count = counted(rules, |rule| match rule {
        Rule::MinLength(n) => (Some(*n), None),
        Rule::MaxLength(n) => (None, Some(*n)),
        _ => (None, None),
    });
    count.map(|count| format!("{count} characters"))
}

/// How many items a list may have: `1 to 9`.
fn item_count(rules: &[Rule]) -> Option<String> {
    counted(rules, |rule| match rule {
        Rule::MinItems(n) => (Some(*n), None),
        Rule::MaxItems(n) => (None, Some(*n)),
        _ => (None, None),
    })
}

fn counted(rules: &[Rule], of: impl Fn(&Rule) -> (Option<u64>, Option<u64>)) -> Option<String> {
    let bounds = || rules.iter().map(&of);
    match (bounds().find_map(|(low, _)| low), bounds().find_map(|(_, high)| high)) {
        (None, None) => None,
        (Some(low), Some(high)) if low == high => Some(low.to_string()),
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        (Some(low), None) => Some(format!("at least {low}")),
        (None, Some(high)) => Some(format!("at most {high}")),
    }
}

/// The unit of a title that only hints at it: what its parentheses hold, if that is the mark of a known unit, in words.
fn unit(title: &str) -> Option<&'static str> {
    let inside = title.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    inside.and_then(unit_of).filter(|unit| !title.to_lowercase().contains(unit))
}

/// The unit that a mark stands for, in words.
fn unit_of(mark: &str) -> Option<&'static str> {
    const UNITS: &[(&str, &str)] = &[
        ("s", "seconds"),
        ("sec", "seconds"),
        ("ms", "milliseconds"),
        ("min", "minutes"),
        ("px", "pixels"),
        ("w:h", "width : height"),
        ("w x h", "width x height"),
        ("fps", "frames per second"),
        ("%", "percent"),
        ("db", "decibels"),
        ("hz", "hertz"),
        ("khz", "kilohertz"),
        ("mb", "megabytes"),
        ("°", "degrees"),
        ("bpm", "beats per minute"),
    ];
    let mark = mark.trim().to_lowercase();
    UNITS.iter().find(|(known, _)| *known == mark).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLANK: Field = Field {
        name: String::new(),
        json: String::new(),
        aliases: Vec::new(),
        key: String::new(),
        title: String::new(),
        description: String::new(),
        required: false,
        default: None,
        ty: Ty::Text,
        rules: Vec::new(),
        format: String::new(),
        fixed: None,
    };

    #[test]
    fn a_unit_is_told_where_the_title_only_hints_at_it() {
        assert_eq!(unit("Resolution (W:H)"), Some("width : height"));
        assert_eq!(unit("Duration (s)"), Some("seconds"));
        for said in ["Frames Per Second", "Number of Frames", "Seconds (s)", "Length in Pixels", "Steps (High Noise)"] {
            assert_eq!(unit(said), None, "{said}");
        }
    }

    #[test]
    fn a_field_without_texts_says_what_its_type_and_its_rules_say() {
        let of = |key: &str, ty: Ty, rules: Vec<Rule>| Field { key: key.to_owned(), ty, rules, ..BLANK };
        let bound = |text: &str| text.parse().expect("a number");
        let between = |low, high| vec![Rule::Minimum(bound(low)), Rule::Maximum(bound(high))];
        let list = |of| Ty::List(Box::new(of));
        let nullable = |of| Ty::Nullable(Box::new(of));
        for (field, expected) in [
            (of("a", Ty::F64, between("0", "1.5")), "A number from 0 to 1.5."),
            (
                of("length_ms", Ty::I64, between("3000", "600000")),
                "A whole number from 3000 to 600000, in milliseconds.",
            ),
            (of("seed", Ty::I64, vec![Rule::Minimum(bound("-1"))]), "A whole number, at least -1."),
            (of("size_min", Ty::I64, vec![]), "A whole number."),
            (of("fps", Ty::I64, vec![Rule::Values(vec![12.into(), 24.into()])]), "One of `12`, `24`."),
            (of("a_fps", Ty::Text, vec![Rule::MaxLength(20)]), "A text of at most 20 characters."),
            (of("a", nullable(Ty::Bool), vec![]), "`true` or `false`, or null."),
            (
                of("a", Ty::Media(Media::Audio), vec![Rule::Media(Media::Audio)]),
                "Audio: https URL, `data:` URI or the name of a hosted sample.",
            ),
            (of("a", list(Ty::Text), vec![Rule::MinItems(1), Rule::MaxItems(9)]), "A list of 1 to 9 texts."),
            (of("a", Ty::Map(Box::new(Ty::F64)), vec![]), "An object whose values are numbers."),
        ] {
            assert_eq!(setter(&field, &[]), [expected], "{field:?}");
        }
        let unique = setter(&of("a", list(Ty::I64), vec![Rule::UniqueItems]), &[]);
        assert_eq!(unique, ["A list of whole numbers.", "", "- each item: once at most"]);
        let titled = Field { title: "A".to_owned(), ..of("a", Ty::F64, between("0", "1")) };
        assert_eq!(setter(&titled, &[]), ["A.", "", "- range: 0 to 1"]);
    }

    #[test]
    fn a_default_that_is_no_sample_is_told_whole() {
        let text = "ü".repeat(200);
        let of = |required, ty| Field {
            default: Some(Value::String(text.clone())),
            required,
            ty,
            name: "text".to_owned(),
            json: "text".to_owned(),
            key: "7_text".to_owned(),
            ..BLANK
        };
        let lines = setter(&of(false, Ty::Text), &[]);
        assert!(lines.last().is_some_and(|line| line.starts_with("- published default: `ü")), "{lines:?}");
    }
}
