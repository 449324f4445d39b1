//! An input to start from, made of what a table says. Must not know which models there are.

use serde_json::Map;

use super::check::violations;
use crate::Json;
use crate::media::MediaKind;
use crate::model_info::ModelInfo;
use crate::schema::path::Path;
use crate::schema::rule::{Rule, Types};
use crate::schema::table::{Field, Names, Table};
use crate::schema::value::Value;

/// How deep an example nests before it is given up.
const DEPTH: usize = 16;
/// How many items a list is given at most.
const ITEMS: u64 = 16;
/// How long a text is made at most.
const TEXT: usize = 1 << 16;
/// What stands for a text of which only its length is known.
const WORDS: &str = "A lone figure at golden hour, seen from a hill above the sea";

impl ModelInfo {
    /// A valid input to start from, by readable names: the required fields, each with its published default, the first of its
    /// listed values, a bound, or a word or file that stands for one's own. `None` if such values break a rule: a pattern, say,
    /// or a rule between fields.
    #[must_use]
    pub fn example(&self) -> Option<Json> {
        let example = object(self.schema, DEPTH)?;
        self.check(&example, Names::Readable).is_ok().then_some(example)
    }
}

fn object(table: &'static Table, depth: usize) -> Option<Json> {
    let required = table.fields.iter().filter(|field| field.required);
    let values = required.map(|field| Some((field.name.to_owned(), of_field(field, depth)?)));
    values.collect::<Option<Map<String, Json>>>().map(Json::Object)
}

fn of_field(field: &Field, depth: usize) -> Option<Json> {
    let published = field.default_value().filter(|value| keeps(field.rules, value));
    published.or_else(|| value(field.rules, depth))
}

/// The first value that comes to mind and keeps the rules.
fn value(rules: &[Rule], depth: usize) -> Option<Json> {
    let depth = depth.checked_sub(1)?;
    let named = rules.iter().flat_map(|rule| named(rule, depth));
    named.chain(plain(rules, depth)).find(|value| keeps(rules, value))
}

fn keeps(rules: &[Rule], value: &Json) -> bool {
    violations(rules, Value::Json(value), Names::Readable, &Path::ROOT).is_empty()
}

/// The values that a rule itself names.
fn named(rule: &Rule, depth: usize) -> Vec<Json> {
    match *rule {
        Rule::Values(values) => values.iter().map(Json::from).filter(|value| !value.is_null()).collect(),
        Rule::Minimum(bound) | Rule::Maximum(bound) => vec![bound.into()],
        Rule::Media(MediaKind::Image) => vec!["https://example.com/picture.png".into()],
        Rule::Media(MediaKind::Video) => vec!["https://example.com/film.mp4".into()],
        Rule::Media(MediaKind::Audio) => vec!["https://example.com/sound.mp3".into()],
        Rule::Properties(table) => object(table.get(), depth).into_iter().collect(),
        Rule::AllOf(lists) | Rule::AnyOf(lists) | Rule::OneOf(lists) => {
            lists.iter().filter_map(|rules| value(rules, depth)).collect()
        }
        _ => Vec::new(),
    }
}

/// A value of each type, as long as it has to be.
fn plain(rules: &[Rule], depth: usize) -> Vec<Json> {
    let mut allowed = Types::ANY;
    let (mut shortest, mut longest, mut items) = (0, usize::MAX, 1);
    for rule in rules {
        match *rule {
            Rule::Type(types) => allowed = types,
            Rule::MinLength(least) => shortest = usize::try_from(least).unwrap_or(usize::MAX),
            Rule::MaxLength(most) => longest = usize::try_from(most).unwrap_or(usize::MAX),
            Rule::MinItems(least) => items = least.max(1),
            _ => {}
        }
    }
    let text: String = WORDS.chars().cycle().take(WORDS.len().max(shortest.min(TEXT)).min(longest)).collect();
    let list = (items <= ITEMS).then(|| (0..items).map(|index| item(rules, index, depth)).collect::<Option<_>>());
    let of_types = [
        (Types::STRING, Some(text.into())),
        (Types::INTEGER, Some(1.into())),
        (Types::INTEGER, Some(0.into())),
        (Types::NUMBER, Some(0.5.into())),
        (Types::BOOLEAN, Some(false.into())),
        (Types::ARRAY, list.flatten().map(Json::Array)),
        (Types::OBJECT, Some(Json::Object(Map::new()))),
        (Types::NULL, Some(Json::Null)),
    ];
    of_types.into_iter().filter(|(types, _)| allowed.contains(*types)).filter_map(|(_, value)| value).collect()
}

fn item(rules: &[Rule], index: u64, depth: usize) -> Option<Json> {
    let index = usize::try_from(index).ok()?;
    value(crate::schema::rule::item_rules(rules, index), depth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::number::Number;
    use crate::schema::rule::Const;
    use crate::schema::table::TableRef;
    use serde_json::json;

    #[test]
    fn a_value_is_the_first_that_keeps_all_rules() {
        let of = |rules: &[Rule]| value(rules, DEPTH);
        assert_eq!(of(&[Rule::Type(Types::INTEGER), Rule::Minimum(Number::Int(7))]), Some(json!(7)));
        assert_eq!(of(&[Rule::Type(Types::NUMBER), Rule::ExclusiveMinimum(Number::Int(0))]), Some(json!(1)));
        assert_eq!(of(&[Rule::Values(&[Const::Null, Const::Str("b"), Const::Str("c")]), Rule::Never]), None);
        assert_eq!(of(&[Rule::Type(Types::STRING), Rule::MaxLength(4)]), Some(json!("A lo")));
        assert_eq!(of(&[Rule::Type(Types::STRING), Rule::MinLength(9), Rule::MaxLength(4)]), None);
        assert_eq!(of(&[Rule::Type(Types::STRING), Rule::MinLength(u64::MAX)]), None);
        let media = &[Rule::Media(MediaKind::Audio)];
        assert_eq!(
            of(&[Rule::Type(Types::ARRAY), Rule::Items(media), Rule::MinItems(2)]),
            Some(json!(["https://example.com/sound.mp3", "https://example.com/sound.mp3"]))
        );
        assert_eq!(of(&[Rule::Type(Types::ARRAY), Rule::MinItems(u64::MAX)]), None);
    }

    #[test]
    fn an_object_that_needs_itself_has_none() {
        static NODE: Table = Table {
            fields: &[Field {
                name: "next",
                key: "next",
                required: true,
                rules: &[Rule::Type(Types::OBJECT), Rule::Properties(TableRef::Static(&NODE))],
                ..Field::BLANK
            }],
            ..Table::BLANK
        };
        assert_eq!(object(&NODE, DEPTH), None);
    }
}
