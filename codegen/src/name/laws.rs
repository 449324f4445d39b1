//! Laws that hold for every name, whatever the text: tried on random and hostile input.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::*;

/// Text as people, workflows and attackers write it.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-cA-C0-9_ .:()x*+-]{0,8}",
        2 => "(Steps|LoRA|type|extra|Größe|self|4K)( \\((High|Low|W:H)\\))?",
        1 => any::<String>(),
        1 => "[\u{0}\u{202e}\u{200b}🎬é提Ж’×¹ⅷ٣ßﬁ (]{0,6}",
    ]
}

/// Wire keys, some of them with node ids.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[1-9]{1,2}(:[1-9])?_(value|text|seed)", 1 => "[1-9]_valuex[1-9]_seed", 1 => text()]
}

fn assert_identifier(name: &str) {
    assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{name:?} is no identifier");
    assert!(!reserved::KEYWORDS.contains(&name), "{name:?} is a keyword");
    assert!(name.is_ascii() && name.len() <= MAX_LENGTH + 6, "{name:?}");
}

/// The same names for every order, each problem among them.
fn assert_order_is_nothing<T: Clone + PartialEq + std::fmt::Debug>(
    forward: Result<Vec<T>, Vec<NameProblem>>,
    backward: Result<Vec<T>, Vec<NameProblem>>,
) {
    let backward = backward.map(|names| names.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(forward, backward);
}

proptest! {
    #[test]
    fn fields_are_distinct_identifiers_in_any_order(labels in vec((key(), text()), 0..8), retired in vec(text(), 0..3)) {
        let by_key: BTreeMap<&str, &str> = labels.iter().map(|(key, title)| (key.as_str(), title.as_str())).collect();
        let labels: Vec<FieldLabel<'_>> =
            by_key.into_iter().map(|(key, title)| FieldLabel { key, title, pinned: None, locked: None }).collect();
        let retired: Vec<&str> = retired.iter().map(String::as_str).collect();
        let names = name_fields(&labels, &retired);
        let reversed: Vec<FieldLabel<'_>> = labels.iter().rev().copied().collect();
        assert_order_is_nothing(names.clone(), name_fields(&reversed, &retired));
        if let Ok(names) = names {
            names.iter().for_each(|name| assert_identifier(&name.ident));
            let idents: BTreeSet<&str> = names.iter().map(|name| name.ident.as_str()).collect();
            let jsons: BTreeSet<&str> = names.iter().map(|name| name.json.as_str()).collect();
            prop_assert_eq!((idents.len(), jsons.len()), (names.len(), names.len()));
            prop_assert!(!jsons.contains("extra"));
        }
    }

    #[test]
    fn locked_fields_keep_their_names_among_newcomers(old in btree_set("[1-9]_(value|seed)", 1..4), new in vec((key(), text()), 0..4)) {
        let title = "Steps (High)";
        let old: Vec<FieldLabel<'_>> = old.iter().map(|key| FieldLabel { key, title, pinned: None, locked: None }).collect();
        if let Ok(names) = name_fields(&old, &[]) {
            let locked = old.iter().zip(&names).map(|(label, name)| FieldLabel { locked: Some(&name.ident), ..*label });
            let mut labels: Vec<FieldLabel<'_>> = locked.collect();
            let known: BTreeSet<&str> = old.iter().map(|label| label.key).collect();
            let newcomers = new.iter().filter(|(key, _)| !known.contains(key.as_str()));
            labels.extend(newcomers.map(|(key, title)| FieldLabel { key, title, pinned: None, locked: None }));
            if let Ok(all) = name_fields(&labels, &[]) {
                prop_assert_eq!(&all[..names.len()], &names[..]);
            }
        }
    }

    #[test]
    fn variants_are_distinct_identifiers_in_any_order(values in btree_set(text(), 0..10), enum_type in "[A-Z][a-z]{0,4}[A-Z0-9]?") {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let reversed: Vec<&str> = values.iter().rev().copied().collect();
        let none = BTreeMap::new();
        let names = name_variants(&enum_type, &values, &none, &none);
        assert_order_is_nothing(names.clone(), name_variants(&enum_type, &reversed, &none, &none));
        if let Ok(names) = names {
            for name in &names {
                assert_identifier(name);
                prop_assert!(ident::is_variant(name), "{} would warn", name);
            }
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
            // What was named once is read back from the lock as it is.
            let locked = values.iter().map(|&value| value.to_owned()).zip(names.clone()).collect();
            prop_assert_eq!(name_variants(&enum_type, &values, &none, &locked), Ok(names));
        }
    }

    #[test]
    fn types_are_identifiers(field in "[a-z0-9]{1,9}(_[a-z0-9]{1,9}){0,3}") {
        for name in [type_name(&field), item_type_name(&field), long_item_type_name(&field)] {
            assert_identifier(&name);
            prop_assert!(!reserved::TYPES.contains(&name.as_str()));
        }
    }

    #[test]
    fn nested_types_are_distinct_in_any_order(
        wishes in vec((vec(prop_oneof![Just("Input"), Just("A"), Just("B")], 0..4), "[A-C]"), 0..6),
    ) {
        let wishes: Vec<TypeWish<'_>> = wishes
            .iter()
            .map(|(owners, wish)| TypeWish { owners, wish, second_wish: None, locked: None })
            .collect();
        let reversed: Vec<TypeWish<'_>> = wishes.iter().rev().copied().collect();
        let names = unique_type_names(&wishes, &BTreeSet::new());
        assert_order_is_nothing(names.clone(), unique_type_names(&reversed, &BTreeSet::new()));
        if let Ok(names) = names {
            prop_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        }
    }

    #[test]
    fn modules_are_distinct_identifiers_in_any_order(ids in vec("[a-bA-B1]([.-]?[a-b1]){0,2}(/[a-b1]([.-]?[a-b1]){0,1}){1,3}", 0..5)) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let reversed: Vec<&str> = ids.iter().rev().copied().collect();
        let plan = plan_modules(&ids);
        prop_assert_eq!(&plan, &plan_modules(&reversed));
        if let Ok(plan) = plan {
            for path in plan.values() {
                [&path.provider, &path.family, &path.variant].into_iter().for_each(|name| assert_identifier(name));
            }
            let modules: BTreeSet<_> = plan.values().map(|path| (&path.provider, &path.family, &path.variant)).collect();
            prop_assert_eq!(modules.len(), plan.len());
        }
    }

    #[test]
    fn any_model_id_is_placed_or_refused(id in text(), other in "[a-z./_-]{0,9}") {
        for plan in [plan_modules(&[&id]), plan_modules(&[&other])].into_iter().flatten() {
            plan.values().for_each(|path| assert_identifier(&path.family));
        }
    }
}
