//! Any lines as keys, titles, values and ids: names are identifiers, distinct, and the same in any order.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use libfuzzer_sys::fuzz_target;
use runcomfy_codegen::name::{FieldLabel, name_fields, name_variants, plan_modules};

fuzz_target!(|text: &str| {
    let lines: Vec<&str> = text.lines().take(40).collect();
    let mut seen = BTreeSet::new();
    let labels: Vec<FieldLabel<'_>> = lines
        .chunks(2)
        .filter(|pair| seen.insert(pair[0]))
        .map(|pair| FieldLabel { key: pair[0], title: pair.get(1).copied().unwrap_or(""), pinned: None, locked: None })
        .collect();
    let named = name_fields(&labels, &[]);
    let reversed: Vec<FieldLabel<'_>> = labels.iter().rev().copied().collect();
    match (&named, name_fields(&reversed, &[])) {
        (Ok(names), Ok(mut again)) => {
            again.reverse();
            assert_eq!(*names, again);
            let distinct: BTreeSet<&str> = names.iter().map(|name| name.json.as_str()).collect();
            assert_eq!(distinct.len(), names.len());
            names.iter().for_each(|name| _ = syn::parse_str::<syn::Ident>(&name.ident).expect("an identifier"));
        }
        (Err(problems), Err(again)) => assert_eq!(*problems, again),
        (one, other) => panic!("{one:?} but {other:?}"),
    }
    let values: BTreeSet<&str> = lines.iter().copied().collect();
    let values: Vec<&str> = values.into_iter().collect();
    if let Ok(names) = name_variants("Resolution", &values, &BTreeMap::new(), &BTreeMap::new()) {
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        names.iter().for_each(|name| _ = syn::parse_str::<syn::Ident>(name).expect("an identifier"));
    }
    let _ = plan_modules(&values);
});
