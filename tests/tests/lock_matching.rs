//! The laws of the matching rules, on random changes whose truth is known. The example `lock_laws` tries many more.

use std::collections::BTreeMap;

use fastrand::Rng;
use workspace_tests::lock_cases::{Case, KINDS, Kind, Outcome, Promise, judge, reference};

/// Cases per kind of change for the laws that users rely on, and for the others.
const MANY: u64 = 2_000;
const SOME: u64 = 400;

fn each_case(cases: u64, mut check: impl FnMut(&Kind, &Case)) {
    for (seed, kind) in (1..).zip(KINDS) {
        let mut rng = Rng::with_seed(seed);
        for _ in 0..cases {
            check(kind, &Case::random(kind, &mut rng));
        }
    }
}

#[test]
fn fields_of_different_definition_are_never_exchanged() {
    each_case(MANY, |kind, case| {
        assert_ne!(judge(case, &case.pairs()), Outcome::Wrong, "{}: {case:#?}", kind.name);
    });
}

#[test]
fn a_change_that_leaves_each_field_its_key_or_unique_title_never_stops() {
    each_case(MANY, |kind, case| {
        if kind.promise == Promise::AlwaysRight {
            assert_eq!(judge(case, &case.pairs()), Outcome::Ok, "{}: {case:#?}", kind.name);
        }
    });
}

#[test]
fn the_first_form_of_the_rules_is_never_contradicted() {
    each_case(SOME, |kind, case| {
        if let (Some(mut before), Ok(mut now)) = (reference::pairs(case), case.pairs()) {
            before.sort_unstable();
            now.sort_unstable();
            assert_eq!(before, now, "{}: {case:#?}", kind.name);
        }
    });
}

#[test]
fn true_answers_settle_every_stop() {
    each_case(SOME, |kind, case| {
        let mut answers = BTreeMap::new();
        let pairs = loop {
            match case.pairs_after(&answers) {
                Ok(pairs) => break pairs,
                Err(stops) => {
                    let known = answers.len();
                    let asked = |o: &usize| {
                        let name = format!("f{}", case.old[*o].uid);
                        stops.iter().flat_map(|stop| &stop.old).any(|old| old.name.as_ref() == Some(&name))
                    };
                    for o in (0..case.old.len()).filter(asked) {
                        answers.insert(o, case.truth(o));
                    }
                    assert!(answers.len() > known, "{}: asks the same again: {case:#?}", kind.name);
                }
            }
        };
        assert_ne!(judge(case, &Ok(pairs)), Outcome::Wrong, "{}: {case:#?}", kind.name);
    });
}

#[test]
fn the_order_of_publishing_does_not_matter() {
    each_case(SOME, |kind, case| {
        let mut sorted = case.clone();
        sorted.new.sort_by_key(|field| field.key());
        sorted.old.sort_by_key(|field| field.key());
        let by_uid = |case: &Case| {
            let pairs = case.pairs().ok()?;
            let mut pairs: Vec<_> = pairs.iter().map(|(o, n)| (case.old[*o].uid, case.new[*n].key())).collect();
            pairs.sort_unstable();
            Some(pairs)
        };
        assert_eq!(by_uid(case), by_uid(&sorted), "{}: {case:#?}", kind.name);
    });
}
