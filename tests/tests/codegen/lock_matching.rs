//! The laws of the matching rules, on random changes whose truth is known. The example `lock_laws` tries many more.

use fastrand::Rng;
use workspace_tests::lock_cases::maintainer::Maintainer;
use workspace_tests::lock_cases::{Case, KINDS, Kind, Outcome, Promise, judge, reference};

/// Cases per kind of change for the laws that users rely on, and for the others.
const MANY: u64 = 2_000;
const SOME: u64 = 400;
/// The same for laws over several publications of one model.
const FEW: u64 = 100;

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
fn the_true_ones_of_the_printed_lines_settle_every_stop() {
    each_case(SOME, |kind, case| {
        let pairs = Maintainer::new(&case.old).settle(case);
        let pairs = pairs.unwrap_or_else(|error| panic!("{}: {error}\n{case:#?}", kind.name));
        assert_ne!(judge(case, &Ok(pairs)), Outcome::Wrong, "{}: {case:#?}", kind.name);
    });
}

#[test]
fn lines_that_stand_from_earlier_stops_neither_mislead_nor_block() {
    let (mut rng, mut stale) = (Rng::with_seed(9), 0);
    each_case(FEW, |kind, case| {
        let mut maintainer = Maintainer::new(&case.old);
        maintainer.settle(case).unwrap_or_else(|error| panic!("{}: {error}", kind.name));
        let mut old = case.new.clone();
        for round in 0..3 {
            // Every field has a name and a title of its own, added ones too.
            for field in old.iter_mut().filter(|field| field.uid >= 1000) {
                field.uid = 500 + round * 100 + field.uid % 1000;
                field.title = format!("Extra {}", field.uid);
            }
            maintainer.generate(&old);
            if old.len() < 2 {
                return;
            }
            stale += maintainer.answers.len();
            let next = kind.steps.iter().fold(old.clone(), |fields, step| step(fields, &mut rng));
            let case = Case { old, new: next };
            let pairs = maintainer.settle(&case);
            let pairs = pairs.unwrap_or_else(|error| panic!("{}: {error}\n{case:#?}", kind.name));
            let outcome = judge(&case, &Ok(pairs));
            assert_ne!(outcome, Outcome::Wrong, "{}: {case:#?}", kind.name);
            if outcome == Outcome::Twin {
                // The lock would not hold the truth any more.
                return;
            }
            old = case.new;
        }
    });
    assert!(stale > 500, "{stale} lines are not many");
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
