//! The stability contract over random models: what RunComfy may change without notice leaves the public API of the
//! generated code equal, item by item and in order, while the keys on the wire follow.

use std::collections::BTreeMap;

use fastrand::Rng;
use runcomfy_codegen::{ErrorKind, Errors, Placement, Sources, catalog, emit_package, locks};
use workspace_tests::stability::api::{places, public_api, wire_keys};
use workspace_tests::stability::changes::CHANGES;
use workspace_tests::stability::{Key, Spec};

/// Random models per test; `lock_laws` is the long run.
const MODELS: u64 = 120;

/// What one run leaves behind for one model.
struct Run {
    source: String,
    lock: String,
}

fn run(specs: &[(&Spec, Option<&str>)]) -> Result<Vec<Run>, Errors> {
    let models = specs.iter().map(|(spec, lock)| spec.source(lock.map(str::to_owned))).collect();
    let catalog = catalog(&Sources { models, ..Sources::default() })?;
    let (package, locks) = (emit_package(&catalog, &Placement::Workspace)?, locks(&catalog));
    let one = |(spec, _): &(&Spec, _)| {
        let path = format!("src/{}.rs", spec.id.replace('-', "_"));
        Run { source: package.files[&path].clone(), lock: locks[&format!("{}/names.lock", spec.id)].clone() }
    };
    Ok(specs.iter().map(one).collect())
}

fn first(spec: &Spec) -> Run {
    run(&[(spec, None)]).unwrap_or_else(|errors| panic!("{spec:?}\n{errors}")).remove(0)
}

/// The name of each field, by what it truly is.
fn names(spec: &Spec, run: &Run) -> BTreeMap<usize, String> {
    let table = input_table(run);
    let name = |key: String| table.iter().find(|(_, known)| **known == key).map(|(name, _)| name.clone());
    spec.fields.iter().map(|field| (field.uid, name(field.key.text()).expect("every key has a name"))).collect()
}

/// The keys of `Input` by name.
fn input_table(run: &Run) -> BTreeMap<String, String> {
    wire_keys(&run.source).remove(0)
}

/// Whether a field took over the key of another one of equal definition: the one change of keys that may stop.
fn exchanged(old: &Spec, new: &Spec) -> bool {
    new.fields.iter().any(|field| {
        old.fields.iter().any(|other| {
            other.uid != field.uid && other.key == field.key && matches!(other.key, Key::Node(_)) && {
                let before = old.fields.iter().find(|before| before.uid == field.uid);
                before.is_some_and(|before| same_definition(&before.schema, &other.schema))
            }
        })
    })
}

/// Nested objects are no part of a definition, and neither is the order of values.
fn same_definition(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    let objects =
        |schema: &serde_json::Value| schema["properties"].is_object() || schema["items"]["properties"].is_object();
    a == b || (objects(a) && objects(b) && a["type"] == b["type"])
}

#[test]
fn what_the_contract_allows_changes_nothing_but_keys() {
    let (mut steps, mut stops) = (0, 0);
    for seed in 0..MODELS {
        let mut rng = Rng::with_seed(seed);
        let mut spec = Spec::random(&mut rng, "random/model/base");
        let mut now = first(&spec);
        let (api, names) = (public_api(&now.source), names(&spec, &now));
        for _ in 0..3 {
            let change = CHANGES[rng.usize(0..CHANGES.len())];
            let next = change.apply(&mut rng, &spec);
            steps += 1;
            match run(&[(&next, Some(&now.lock))]) {
                Ok(mut runs) => now = runs.remove(0),
                Err(errors) => {
                    assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous), "seed {seed}: {errors}");
                    assert!(
                        exchanged(&spec, &next),
                        "seed {seed}, {change:?} must not stop:\n{spec:?}\n{next:?}\n{errors}"
                    );
                    stops += 1;
                    break;
                }
            }
            spec = next;
            assert_eq!(public_api(&now.source), api, "seed {seed}, {change:?}");
            let table = input_table(&now);
            for field in &spec.fields {
                assert_eq!(table[&names[&field.uid]], field.key.text(), "seed {seed}, {change:?}: {field:?}");
            }
            let (declared, handed) = places(&now.source, "Input");
            assert_eq!(declared, handed, "seed {seed}: the runtime goes by place");
        }
    }
    assert!(steps > 2 * MODELS && stops * 10 < steps, "{stops} of {steps} steps stopped");
}

#[test]
fn a_second_run_changes_nothing() {
    for seed in 0..MODELS {
        let spec = Spec::random(&mut Rng::with_seed(seed), "random/model/base");
        let one = first(&spec);
        let two = run(&[(&spec, Some(&one.lock))]).expect("nothing changed").remove(0);
        assert_eq!((one.source, one.lock), (two.source, two.lock), "seed {seed}");
    }
}

#[test]
fn fields_that_come_and_go_move_no_other() {
    for seed in 0..MODELS {
        let mut rng = Rng::with_seed(seed);
        let spec = Spec::random(&mut rng, "random/model/base");
        let now = first(&spec);
        let names = names(&spec, &now);
        let mut next = spec.clone();
        let gone = if rng.bool() && next.fields.len() > 1 {
            Some(next.fields.remove(rng.usize(0..next.fields.len())).uid)
        } else {
            next.add(&mut rng, 100);
            None
        };
        if rng.bool() {
            next = CHANGES[rng.usize(0..CHANGES.len())].apply(&mut rng, &next);
        }
        let after = match run(&[(&next, Some(&now.lock))]) {
            Ok(mut runs) => runs.remove(0),
            Err(errors) => {
                assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous), "seed {seed}: {errors}");
                continue;
            }
        };
        let (before, _) = places(&now.source, "Input");
        let (order, _) = places(&after.source, "Input");
        let gone = gone.map(|uid| names[&uid].clone());
        let stayed: Vec<&String> =
            before.iter().filter(|name| Some(name.trim_matches('_')) != gone.as_deref()).collect();
        assert_eq!(order.iter().take(stayed.len()).collect::<Vec<_>>(), stayed, "seed {seed}: newcomers go last");
        let table = input_table(&after);
        for field in next.fields.iter().filter(|field| field.uid != 100) {
            assert_eq!(table[&names[&field.uid]], field.key.text(), "seed {seed}");
        }
        if let Some(gone) = gone {
            assert!(!table.contains_key(&gone), "seed {seed}: `{gone}` is gone");
        }
    }
}

#[test]
fn models_that_come_and_go_leave_the_others_alone() {
    for seed in 0..20 {
        let mut rng = Rng::with_seed(seed);
        let (one, two) = (Spec::random(&mut rng, "random/model/base"), Spec::random(&mut rng, "random/other/base"));
        let both = run(&[(&one, None), (&two, None)]).unwrap_or_else(|errors| panic!("{errors}"));
        let alone = first(&one);
        assert_eq!((&both[0].source, &both[0].lock), (&alone.source, &alone.lock), "seed {seed}");
    }
}
