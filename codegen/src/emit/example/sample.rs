//! A field in, a Rust expression out whose value keeps all of the field's rules; none where that is not certain.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use crate::ir::{Field, Media, Modality, Model, Rule, Ty, TypeKind};

/// What an example's values are made for, and what they use.
pub(super) struct Samples<'m> {
    model: &'m Model,
    /// The enums of the model.
    pub(super) enums: BTreeSet<String>,
    /// The media types.
    pub(super) media: BTreeSet<&'static str>,
}

/// An expression: as an argument, and as a field of a literal.
pub(super) struct Sample {
    pub(super) argument: String,
    pub(super) field: String,
}

impl From<String> for Sample {
    fn from(both: String) -> Self {
        Self { argument: both.clone(), field: both }
    }
}

impl<'m> Samples<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        Self { model, enums: BTreeSet::new(), media: BTreeSet::new() }
    }

    /// A value for the field: its published default where that is one that people would choose.
    pub(super) fn sample(&mut self, field: &Field) -> Option<Sample> {
        match &field.ty {
            Ty::Text => {
                let text = text(self.words(), &field.rules)?;
                Some(Sample { field: format!("{text}.to_owned()"), argument: text })
            }
            Ty::List(item) => self.list(item, &field.rules),
            Ty::Named(id) => {
                let of = &self.model.types[*id];
                let TypeKind::Choice(choice) = &of.kind else { return None };
                let default = field.default.as_ref().and_then(Value::as_str);
                let known = choice.values.iter().find(|value| Some(&*value.value) == default);
                let value = known.or(choice.values.first())?;
                self.enums.insert(of.name.clone());
                Some(format!("{}::{}", of.name, value.variant).into())
            }
            ty => self.single(ty, field.default.as_ref(), &field.rules, "").map(Sample::from),
        }
    }

    /// A value of a simple type; `number` tells it from others of its list.
    fn single(&mut self, ty: &Ty, default: Option<&Value>, rules: &[Rule], number: &str) -> Option<String> {
        match ty {
            Ty::Media(kind) if rules.iter().all(is_about_media) => {
                let (name, file, end) = match kind {
                    Media::Image => ("ImageInput", "reference", "png"),
                    Media::Video => ("VideoInput", "clip", "mp4"),
                    Media::Audio => ("AudioInput", "voice", "mp3"),
                };
                self.media.insert(name);
                Some(format!("{name}::url(\"https://example.com/{file}{number}.{end}\")"))
            }
            Ty::I64 | Ty::U64 => self::number(default, rules, |number| number.is_i64() || number.is_u64()),
            Ty::F64 => {
                let number = self::number(default, rules, |_| true)?;
                Some(if number.contains(['.', 'e']) { number } else { format!("{number}.0") })
            }
            Ty::Bool => Some(default.and_then(Value::as_bool).unwrap_or(true).to_string())
                .filter(|_| rules.iter().all(|rule| matches!(rule, Rule::Type(_)))),
            _ => None,
        }
    }

    /// As many items as there must be, one at least.
    fn list(&mut self, item: &Ty, rules: &[Rule]) -> Option<Sample> {
        let (mut least, mut most, mut of_items) = (1, u64::MAX, &[][..]);
        for rule in rules {
            match rule {
                Rule::MinItems(n) => least = least.max(*n),
                Rule::MaxItems(n) => most = *n,
                Rule::Items(rules) => of_items = rules,
                Rule::Type(_) | Rule::UniqueItems => {}
                _ => return None,
            }
        }
        let items: Option<Vec<String>> = (1..=least.min(9))
            .map(|place| self.single(item, None, of_items, &if least == 1 { String::new() } else { place.to_string() }))
            .collect();
        let items = items.filter(|_| least <= most && least <= 9 && matches!(item, Ty::Media(_)))?.join(", ");
        Some(Sample { argument: format!("[{items}]"), field: format!("vec![{items}]") })
    }

    /// What somebody could say to this model.
    fn words(&self) -> &'static str {
        match self.model.profile.gives.as_slice() {
            [Modality::Audio] => "A calm piano tune at dusk",
            _ => "A lone figure at golden hour",
        }
    }
}

/// What a URL keeps whatever it says: rules about a file are checked where the file is sent.
fn is_about_media(rule: &Rule) -> bool {
    matches!(rule, Rule::Type(_) | Rule::Media(_) | Rule::Validation { .. })
}

/// A text of an allowed length, or the first listed one.
fn text(words: &str, rules: &[Rule]) -> Option<String> {
    let (mut least, mut most, mut listed) = (0, usize::MAX, None);
    for rule in rules {
        match rule {
            Rule::MinLength(n) => least = usize::try_from(*n).ok()?,
            Rule::MaxLength(n) => most = usize::try_from(*n).ok()?,
            Rule::Values(values) => listed = Some(values.iter().find_map(Value::as_str)?),
            Rule::Type(_) => {}
            _ => return None,
        }
    }
    let text =
        listed.map_or_else(|| words.chars().cycle().take(words.len().max(least).min(most)).collect(), str::to_owned);
    let count = text.chars().count();
    (least <= count && count <= most && count <= 80).then(|| format!("{text:?}"))
}

/// The published default, or else a bound or a listed value: whichever keeps all rules.
fn number(default: Option<&Value>, rules: &[Rule], is_of_type: impl Fn(&Number) -> bool) -> Option<String> {
    let in_rules = rules.iter().flat_map(|rule| match rule {
        Rule::Minimum(bound) | Rule::Maximum(bound) | Rule::MultipleOf(bound) => vec![bound.clone()],
        Rule::Values(values) => values.iter().filter_map(Value::as_number).cloned().collect(),
        _ => Vec::new(),
    });
    let default = default.and_then(Value::as_number).cloned();
    let mut candidates = default.into_iter().chain(in_rules).chain([Number::from(1)]);
    candidates
        .find(|number| is_of_type(number) && rules.iter().all(|rule| keeps(number, rule)))
        .map(|it| it.to_string())
}

/// Whether a number certainly keeps a rule.
fn keeps(number: &Number, rule: &Rule) -> bool {
    let Some(value) = number.as_f64() else { return false };
    let compare = |bound: &Number, holds: fn(f64, f64) -> bool| bound.as_f64().is_some_and(|bound| holds(value, bound));
    match rule {
        Rule::Type(_) => true,
        Rule::Minimum(bound) => compare(bound, |value, bound| value >= bound),
        Rule::Maximum(bound) => compare(bound, |value, bound| value <= bound),
        Rule::ExclusiveMinimum(bound) => compare(bound, |value, bound| value > bound),
        Rule::ExclusiveMaximum(bound) => compare(bound, |value, bound| value < bound),
        Rule::MultipleOf(step) => compare(step, |value, step| step > 0.0 && (value / step).fract() == 0.0),
        Rule::Values(values) => values.iter().any(|listed| listed.as_f64() == Some(value)),
        _ => false,
    }
}
