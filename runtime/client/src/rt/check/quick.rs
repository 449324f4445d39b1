//! A quick verdict on untyped JSON: the checker's own, without a place or a word. It walks by itself what nearly every input
//! is made of, and asks the checker about the rest. Must not give a rule a meaning: what it tests by is the checker's.

use super::object::Met;
use super::union::is_enough;
use super::{Checker, prefixed, scalar};
use crate::Json;
use crate::schema::path::{MAX_DEPTH, Path};
use crate::schema::rule::Rule;
use crate::schema::table::{Names, Table};
use crate::schema::value::{Extra, Value};

/// Whether a whole input keeps these rules: yes if, and only if, the checker finds no violation.
pub(super) fn keeps(rules: &[Rule], json: &Json, names: Names) -> bool {
    Quick { names }.keeps(rules, json, At { depth: 0, whole: None })
}

/// How untyped objects spell their names.
#[derive(Clone, Copy)]
struct Quick {
    names: Names,
}

/// What the walk remembers of a place.
#[derive(Clone, Copy)]
struct At {
    depth: usize,
    /// The table of the object here, if the rules are a part of what is said of it.
    whole: Option<&'static Table>,
}

impl At {
    fn below(self) -> Self {
        Self { depth: self.depth + 1, whole: None }
    }

    /// The same place, for a part of these rules.
    fn part_of(self, rules: &[Rule]) -> Self {
        Self { whole: rules.iter().find_map(Rule::table).or(self.whole), ..self }
    }
}

impl Quick {
    #[inline]
    fn keeps(self, rules: &[Rule], json: &Json, at: At) -> bool {
        let value = Value::Json(json).opened();
        at.depth <= MAX_DEPTH && (scalar::passes(rules, &value) || self.keeps_each(rules, (json, &value), at))
    }

    /// Kept out of the loop over fields, nearly all of which are done before.
    #[inline(never)]
    fn keeps_each(self, rules: &[Rule], (json, value): (&Json, &Value<'_>), at: At) -> bool {
        value.number().is_none_or(|number| number.is_finite())
            && rules.iter().all(|rule| self.keeps_one(rule, rules, (json, value), at))
    }

    fn keeps_one(self, rule: &Rule, rules: &[Rule], (json, value): (&Json, &Value<'_>), at: At) -> bool {
        match *rule {
            Rule::Type(_)
            | Rule::Values(_)
            | Rule::Minimum(_)
            | Rule::Maximum(_)
            | Rule::ExclusiveMinimum(_)
            | Rule::ExclusiveMaximum(_)
            | Rule::MultipleOf(_)
            | Rule::MinLength(_)
            | Rule::MaxLength(_)
            | Rule::Pattern(_)
            | Rule::Media(_) => scalar::breach(rule, value).is_none(),
            Rule::Items(of_items) => {
                let mut items = json.as_array().into_iter().flatten().skip(prefixed(rules));
                items.all(|item| self.keeps(of_items, item, at.below()))
            }
            Rule::PrefixItems(prefix) => {
                let mut items = json.as_array().into_iter().flatten().zip(prefix);
                items.all(|(item, of_item)| self.keeps(of_item, item, at.below()))
            }
            Rule::Properties(table) => match json {
                Json::Object(map) => self.object(table.get(), map, (rule, rules), at),
                _ => true,
            },
            Rule::AllOf(parts) => parts.iter().all(|part| self.keeps(part, json, at.part_of(rules))),
            Rule::AnyOf(forms) => is_enough(self.fitting(forms, rules, json, at), false),
            Rule::OneOf(forms) => is_enough(self.fitting(forms, rules, json, at), true),
            Rule::MinItems(_)
            | Rule::MaxItems(_)
            | Rule::UniqueItems
            | Rule::AdditionalProperties(_)
            | Rule::NoAdditionalProperties
            | Rule::MinProperties(_)
            | Rule::MaxProperties(_)
            | Rule::PropertyNames(_)
            | Rule::Validation(_)
            | Rule::Fragment(_)
            | Rule::Never => self.ask(at, |checker, place| checker.nested(rule, rules, value, place)),
        }
    }

    fn fitting(self, forms: &[&[Rule]], rules: &[Rule], json: &Json, at: At) -> usize {
        let at = at.part_of(rules);
        forms.iter().filter(|form| self.keeps(form, json, at)).count()
    }

    /// Walks the fields. The checker is asked about names that no field has, or more than one, and about the object as a whole.
    fn object(self, table: &'static Table, map: &Extra, (rule, rules): (&Rule, &[Rule]), at: At) -> bool {
        let closely = |checker: &mut Checker, place: &Path<'_>| checker.nested(rule, rules, &Value::Map(map), place);
        let mut met = Met::default();
        for (name, value) in map {
            match met.find(table, name, self.names) {
                Some(field) if self.keeps(field.rules, value, at.below()) => {}
                Some(_) => return false,
                None => return self.ask(at, closely),
            }
        }
        match met.has_all(table) {
            Some(has_all) => {
                has_all && (table.rules.is_empty() || self.ask(at, |checker, place| checker.whole(table, map, place)))
            }
            None => self.ask(at, closely),
        }
    }

    /// What the checker says, of which only the verdict counts.
    fn ask(self, at: At, check: impl FnOnce(&mut Checker, &Path<'_>)) -> bool {
        let spelled_by = at.whole.filter(|_| self.names == Names::Readable).map(|table| (at.depth, table));
        let mut checker = Checker { probing: true, spelled_by, ..Checker::new(self.names) };
        check(&mut checker, &Path::of_depth(at.depth));
        !checker.failed
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::violations;
    use super::*;
    use crate::schema::number::Number;
    use crate::schema::rule::{Const, Types};
    use crate::schema::table::{Field, TableRef};

    type Rules = &'static [Rule];

    fn agrees(rules: &[Rule], json: &Json) -> bool {
        let found = |names| violations(rules, Value::Json(json), names, &Path::ROOT).is_empty();
        [Names::Wire, Names::Readable].into_iter().all(|names| keeps(rules, json, names) == found(names))
    }

    fn plain() -> impl Strategy<Value = Rule> {
        let types = Types::OBJECT.or(Types::ARRAY).or(Types::INTEGER);
        prop_oneof![
            Just(Rule::Type(types)),
            Just(Rule::Type(types.or(Types::STRING).or(Types::NULL))),
            Just(Rule::Values(&[Const::Int(1), Const::Str("a"), Const::Null])),
            (-1_i64..3).prop_map(|bound| Rule::Minimum(Number::Int(bound))),
            (-1_i64..3).prop_map(|bound| Rule::ExclusiveMaximum(Number::Int(bound))),
            (0_u64..3).prop_map(Rule::MinLength),
            (0_u64..3).prop_map(Rule::MinItems),
            (0_u64..3).prop_map(Rule::MaxItems),
            (0_u64..3).prop_map(Rule::MinProperties),
            (1_u64..4).prop_map(Rule::MaxProperties),
            Just(Rule::UniqueItems),
            Just(Rule::NoAdditionalProperties),
            Just(Rule::Never),
        ]
    }

    fn table(rules: impl Strategy<Value = Rules> + Clone) -> impl Strategy<Value = &'static Table> {
        let (field, whole) = ((rules.clone(), prop::bool::weighted(0.3)), rules);
        (vec(field, 0..4), prop::option::weighted(0.2, whole), any::<bool>()).prop_map(|(fields, whole, open)| {
            const NAMES: [(&str, &str, &[&str]); 3] = [("a", "1_a", &["old"]), ("b", "b", &[]), ("c", "a", &[])];
            let field = |((name, key, aliases), (rules, required))| Field {
                name,
                key,
                aliases,
                required,
                rules,
                ..Field::BLANK
            };
            let fields: Vec<Field> = NAMES.into_iter().zip(fields).map(field).collect();
            &*Box::leak(Box::new(Table { fields: fields.leak(), rules: whole.unwrap_or(&[]), open, strict: false }))
        })
    }

    fn rules() -> impl Strategy<Value = Rules> {
        let leaf = vec(plain(), 0..2).prop_map(|rules| &*rules.leak());
        leaf.prop_recursive(4, 24, 3, |inner| {
            let several = vec(inner.clone(), 0..3).prop_map(|several| -> &'static [Rules] { several.leak() });
            let properties = || table(inner.clone()).prop_map(|table| Rule::Properties(TableRef::Static(table)));
            let composed = prop_oneof![
                properties(),
                properties(),
                inner.clone().prop_map(Rule::Items),
                several.clone().prop_map(Rule::PrefixItems),
                several.clone().prop_map(Rule::AllOf),
                several.clone().prop_map(Rule::AnyOf),
                several.prop_map(Rule::OneOf),
                inner.clone().prop_map(Rule::AdditionalProperties),
                inner.prop_map(Rule::PropertyNames),
            ];
            vec(prop_oneof![1 => plain(), 3 => composed], 0..3).prop_map(|rules| &*rules.leak())
        })
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(json!(null)),
            (-1_i64..4).prop_map(|int| json!(int)),
            Just(json!(1.5)),
            "[a-b]{0,3}".prop_map(|text| json!(text)),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let name = prop::sample::select(vec!["a", "1_a", "old", "b", "c", "extra", "other"]);
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Json::Array),
                vec((name, inner), 0..4).prop_map(|entries| {
                    Json::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
                }),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn the_verdict_is_that_of_the_checker(rules in rules(), json in json()) {
            prop_assert!(agrees(rules, &json));
        }
    }

    #[test]
    fn what_nests_too_deep_is_refused_by_both() {
        static OUTLINE: [Rule; 1] = [Rule::Items(&OUTLINE)];
        for depth in MAX_DEPTH - 2..MAX_DEPTH + 3 {
            for inner in [json!(1), json!([]), json!({"a": 1})] {
                let nested = (0..depth).fold(inner, |inner, _| json!([inner]));
                assert!(agrees(&OUTLINE, &nested), "{depth}");
                assert_eq!(keeps(&OUTLINE, &nested, Names::Wire), depth <= MAX_DEPTH, "{depth}");
            }
        }
    }

    #[test]
    fn tables_of_any_size_are_walked_alike() {
        for fields in [3, 64, 65, 130] {
            let field = |place| Field {
                key: format!("f{place}").leak(),
                required: place % 2 == 0,
                rules: &[Rule::Type(Types::INTEGER)],
                ..Field::BLANK
            };
            let fields: &[Field] = (0..fields).map(field).collect::<Vec<_>>().leak();
            let rules = [Rule::Properties(TableRef::Static(Box::leak(Box::new(Table { fields, ..Table::BLANK }))))];
            let whole: Extra = fields.iter().map(|field| (field.key.to_owned(), json!(1))).collect();
            assert!(keeps(&rules, &whole.clone().into(), Names::Wire));
            for field in fields {
                let mut less = whole.clone();
                less.remove(field.key);
                assert_eq!(keeps(&rules, &less.clone().into(), Names::Wire), !field.required);
                less.insert(field.key.to_owned(), json!("text"));
                assert!(!keeps(&rules, &less.into(), Names::Wire));
            }
        }
    }
}
