//! The stability contract over random models: what RunComfy may change without notice leaves the public API of the
//! generated code equal, item by item and in order, while the keys on the wire follow.

mod came_back;

use std::collections::BTreeMap;

use fastrand::Rng;
use runcomfy_codegen::{ErrorKind, Errors, Placement, Sources, catalog, emit_package, ir, locks};
use workspace_tests::stability::api::{places, public_api, wire_keys};
use workspace_tests::stability::changes::{CHANGES, Change, Growth};
use workspace_tests::stability::released::{Released, released};
use workspace_tests::stability::shape::Shape;
use workspace_tests::stability::{Key, Spec, TrueField};

/// Random models per test that looks at code, and that looks at names alone.
const MODELS: u64 = 40;
const NAMED: u64 = 400;

/// What one run leaves behind for one model.
struct Run {
    source: String,
    lock: String,
    model: ir::Model,
}

fn run(specs: &[(&Spec, Option<&str>)]) -> Result<Vec<Run>, Errors> {
    let models = specs.iter().map(|(spec, lock)| spec.source(lock.map(str::to_owned))).collect();
    let catalog = catalog(&Sources { models, ..Sources::default() })?;
    let (package, locks) = (emit_package(&catalog, &Placement::Workspace)?, locks(&catalog));
    let one = |(spec, _): &(&Spec, _)| {
        let path = format!("src/{}.rs", spec.id.replace('-', "_"));
        let model = catalog.models.iter().find(|model| model.id == spec.id).expect("the model").clone();
        Run { source: package.files[&path].clone(), lock: locks[&format!("{}/names.lock", spec.id)].clone(), model }
    };
    Ok(specs.iter().map(one).collect())
}

/// The names alone, which take much less time.
fn named(spec: &Spec, lock: Option<&str>) -> Result<ir::Model, Errors> {
    let models = vec![spec.source(lock.map(str::to_owned))];
    catalog(&Sources { models, ..Sources::default() }).map(|mut catalog| catalog.models.remove(0))
}

fn first(spec: &Spec) -> Run {
    run(&[(spec, None)]).unwrap_or_else(|errors| panic!("{}\n{errors}", spec.schema())).remove(0)
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

/// Whether a field took over the key of another one of equal definition: the one change of keys that may stop. Fields
/// that share their title are told apart by their keys alone.
fn exchanged(old: &Spec, new: &Spec) -> bool {
    let mut keys = BTreeMap::new();
    new.clone().each_field(&mut |field| _ = keys.insert(field.uid, field.key.clone()));
    old.groups().iter().any(|fields| {
        let pairs = fields.iter().flat_map(|field| fields.iter().map(move |other| (field, other)));
        pairs.filter(|(field, other)| field.uid != other.uid).any(|(field, other)| {
            let moved = keys.get(&field.uid).is_some_and(|key| *key == other.key && matches!(key, Key::Node(_)));
            moved && same_definition(&field.shape, &other.shape) || field.title == other.title
        })
    })
}

/// What stands within an object or a union is no part of a definition, and neither is the order of values.
fn same_definition(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Object(_), Shape::Object(_)) | (Shape::Union(_), Shape::Union(_)) => true,
        (Shape::List(a), Shape::List(b)) | (Shape::Map(a), Shape::Map(b)) => same_definition(a, b),
        (a, b) => a == b,
    }
}

/// The names that are not what they were, of what is still there.
fn moved(before: &Released, after: &Released) -> Vec<String> {
    let kept = before.iter().filter_map(|(what, name)| Some((what, name, after.get(what)?)));
    kept.filter(|(_, name, now)| name != now).map(|(what, name, now)| format!("{what}: {name} → {now}")).collect()
}

/// Publishes each model three times more, and compares what users see. `written` is what a maintainer wrote.
fn changes_leave_the_api_alone(models: u64, written: impl Fn(&Spec) -> String) {
    let (mut steps, mut stops) = (0, 0);
    for seed in 0..models {
        let mut rng = Rng::with_seed(seed);
        let mut spec = Spec::random(&mut rng, "random/model/base");
        spec.overrides = written(&spec);
        let mut now = first(&spec);
        let (api, names) = (public_api(&now.source), names(&spec, &now));
        let before = released(&spec, &now.model);
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
                        "seed {seed}, {change:?} must not stop:\n{}\n{}\n{errors}",
                        spec.schema(),
                        next.schema()
                    );
                    stops += 1;
                    break;
                }
            }
            let after = released(&next, &now.model);
            assert_eq!(
                moved(&before, &after),
                Vec::<String>::new(),
                "seed {seed}, {change:?}:\n{}\n{}",
                spec.schema(),
                next.schema()
            );
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
    assert!(steps > 2 * models && stops * 10 < steps, "{stops} of {steps} steps stopped");
}

#[test]
fn what_the_contract_allows_changes_nothing_but_keys() {
    changes_leave_the_api_alone(MODELS, |_| String::new());
}

#[test]
fn what_the_contract_allows_moves_no_name_at_any_depth() {
    let (mut steps, mut stops) = (0, 0);
    for seed in 1000..1000 + NAMED {
        let mut rng = Rng::with_seed(seed);
        let mut spec = Spec::random(&mut rng, "random/model/base");
        let now = named(&spec, None).unwrap_or_else(|errors| panic!("seed {seed}: {errors}"));
        let (before, mut lock) = (released(&spec, &now), now.lock.render());
        for _ in 0..3 {
            let change = CHANGES[rng.usize(0..CHANGES.len())];
            let next = change.apply(&mut rng, &spec);
            steps += 1;
            let model = match named(&next, Some(&lock)) {
                Ok(model) => model,
                Err(errors) => {
                    let is_asked = errors.iter().all(|error| error.kind == ErrorKind::Ambiguous);
                    let texts = format!("{}\n{}\n{errors}", spec.schema(), next.schema());
                    assert!(is_asked && exchanged(&spec, &next), "seed {seed}, {change:?} must not stop:\n{texts}");
                    stops += 1;
                    break;
                }
            };
            let moved = moved(&before, &released(&next, &model));
            let texts = format!("{}\n{}", spec.schema(), next.schema());
            assert!(moved.is_empty(), "seed {seed}, {change:?}: {moved:#?}\n{texts}");
            (spec, lock) = (next, model.lock.render());
        }
    }
    assert!(steps > 2 * NAMED && stops * 10 < steps, "{stops} of {steps} steps stopped");
}

#[test]
fn a_correction_and_a_given_name_stay_with_their_fields() {
    changes_leave_the_api_alone(MODELS / 2, |spec| {
        let keys = |kind: &str| {
            let is_it = |field: &&TrueField| match &field.shape {
                Shape::Plain(schema) => schema["type"] == kind && schema["enum"].is_null(),
                _ => false,
            };
            spec.fields.iter().filter(is_it).map(|field| field.key.text()).collect::<Vec<_>>()
        };
        let corrected: Vec<String> = keys("integer").iter().map(|key| format!("{key:?} = \"number\"\n")).collect();
        let named = keys("boolean");
        let named: Vec<String> =
            named.iter().enumerate().map(|(n, key)| format!("{key:?} = \"switch_no_{n}\"\n")).collect();
        format!("[types]\n{}[names]\n{}", corrected.concat(), named.concat())
    });
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
        if rng.bool() {
            next = CHANGES[rng.usize(0..CHANGES.len())].apply(&mut rng, &next);
        }
        let gone = if rng.bool() && next.fields.len() > 1 {
            Some(next.fields.remove(rng.usize(0..next.fields.len())).uid)
        } else {
            next.add(&mut rng, 100);
            None
        };
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
fn what_unions_and_enums_gain_or_lose_moves_no_other_name() {
    let (mut steps, mut stops) = (0, 0);
    for seed in 0..NAMED {
        let mut rng = Rng::with_seed(seed);
        let spec = Spec::random(&mut rng, "random/model/base");
        let now = named(&spec, None).unwrap_or_else(|errors| panic!("{}\n{errors}", spec.schema()));
        let (before, lock) = (released(&spec, &now), now.lock.render());
        for growth in Growth::ALL {
            let change = rng.bool().then(|| CHANGES[rng.usize(0..CHANGES.len())]);
            let changed = change.map_or_else(|| spec.clone(), |change| change.apply(&mut rng, &spec));
            let Some(next) = growth.apply(&mut rng, &changed, &spec, 1_000_000) else { continue };
            steps += 1;
            match named(&next, Some(&lock)) {
                Ok(model) => {
                    let moved = moved(&before, &released(&next, &model));
                    assert!(
                        moved.is_empty(),
                        "seed {seed}, {growth:?}, {change:?}: {moved:#?}\n{}\n{}",
                        spec.schema(),
                        next.schema()
                    );
                }
                Err(errors) => {
                    assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous), "seed {seed}: {errors}");
                    // What changed its title and gained or lost a part at once is asked for, and so is a field that
                    // another may have become.
                    let is_retitled =
                        matches!(change, Some(Change::Retitle | Change::Translate | Change::RetitleAndReorder));
                    let is_doubtful = is_retitled || growth == Growth::FieldForAnother;
                    let texts = format!("{}\n{}", spec.schema(), next.schema());
                    assert!(is_doubtful, "seed {seed}, {growth:?}, {change:?} must not stop:\n{errors}\n{texts}");
                    stops += 1;
                }
            }
        }
    }
    assert!(steps > NAMED && stops > 0, "{stops} of {steps} steps stopped");
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
