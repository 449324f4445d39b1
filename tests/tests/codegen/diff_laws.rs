//! The laws of `diff` on random schemas: what says the same is no change, and what it says of a change is what instances
//! show, judged by the crate `jsonschema`.

use std::collections::BTreeMap;

use fastrand::Rng;
use runcomfy_codegen::diff::{self, ChangeKind, Report, Strictness};
use runcomfy_codegen::ir::Catalog;
use runcomfy_codegen::{SourceFile, Sources, catalog, locks};
use serde_json::{Value, json};
use workspace_tests::differential::{instance::instance, model, normal::normal, random, stricter::has_other_names};
use workspace_tests::meaning::rewrite::{A_BOUND_APART, REWRITINGS};
use workspace_tests::meaning::{change::tightened, field, places};

/// Random schemas per law.
const SCHEMAS: u64 = 500;

/// Instances per pair of schemas.
const INSTANCES: usize = 40;

/// The catalogue of one model with this input; nothing if the generator refuses it.
fn named(schema: &Value, before: Option<&Catalog>) -> Option<Catalog> {
    let mut model = model(schema);
    model.lock = before.map(|before| {
        let path = "random/model/base/names.lock".to_owned();
        SourceFile { text: locks(before)[&path].clone(), path }
    });
    catalog(&Sources { models: vec![model], ..Sources::default() }).ok()
}

/// What changed for users; nothing if the generator refuses one of the two.
fn report(old: &Value, new: &Value) -> Option<Report> {
    let old = named(old, None)?;
    Some(diff::compare(&old, &named(new, Some(&old))?))
}

fn told(report: &Report) -> String {
    let lines = report
        .changes
        .iter()
        .map(|change| format!("  {} {:?} {:?}: {}", change.path, change.kind, change.strictness, change.sentence));
    lines.collect::<Vec<_>>().join("\n")
}

/// A random model: a field with any keyword, and some that can be said in many words.
fn schema(rng: &mut Rng) -> Value {
    let mut schema = random::schema(rng);
    let mut properties = std::mem::take(&mut schema["properties"]);
    let keys: Vec<String> = properties.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
    let key = &keys[rng.usize(0..keys.len())];
    let mut fields = json!({key: properties[key].take()});
    for place in 0..rng.usize(1..3) {
        let mut field = field(rng);
        field["title"] = json!(["Extra One", "Extra Two"][place]);
        fields[format!("{}_extra", 90 + place)] = field;
    }
    json!({"type": "object", "properties": fields, "required": ["90_extra"], "$defs": schema["$defs"],
        "definitions": schema["definitions"]})
}

/// The fields that differ, as published.
fn fields_apart(old: &Value, new: &Value) -> String {
    let own = |of: &Value, other: &Value| {
        let fields = of["properties"].as_object().into_iter().flatten();
        let apart: Vec<String> = fields
            .filter(|(key, field)| other["properties"].get(key) != Some(field))
            .map(|(key, field)| format!("  {key}: {field}"))
            .collect();
        apart.join("\n")
    };
    format!("{}\n  became\n{}", own(old, new), own(new, old))
}

/// The schema in other words, one to three times, and how: first in the way that is asked for, where that is possible.
fn rewritten(schema: &Value, first: usize, rng: &mut Rng) -> (Value, Vec<&'static str>) {
    let (mut new, mut names) = (schema.clone(), Vec::new());
    for place in 0..rng.usize(1..4) {
        let some = if place == 0 { first } else { rng.usize(0..REWRITINGS.len()) };
        let (name, rewrite) = REWRITINGS[some];
        let places = places(&new).into_iter().filter(|place| !place.by_words).map(|place| place.pointer);
        let whole = (name == A_BOUND_APART).then(String::new);
        let mut places: Vec<String> = places.chain(whole).collect();
        rng.shuffle(&mut places);
        let found = places.iter().find_map(|place| {
            let mut definitions = Vec::new();
            let old = new.pointer(place)?.as_object()?;
            Some((place, rewrite(old, &mut definitions, rng)?, definitions))
        });
        if let Some((place, part, definitions)) = found {
            *new.pointer_mut(place).expect("a place") = part;
            for (name, definition) in definitions {
                new["$defs"][name] = definition;
            }
            names.push(name);
        }
    }
    (new, names)
}

#[test]
fn the_same_in_other_words_is_no_change() {
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut wrong, mut retyped) = (Vec::new(), 0);
    for seed in 0..SCHEMAS {
        let mut rng = Rng::with_seed(seed);
        let first = seed as usize % REWRITINGS.len();
        let (old, (new, names)) = loop {
            let old = schema(&mut rng);
            let other = rewritten(&old, first, &mut rng);
            if other.1.first() == Some(&REWRITINGS[first].0) {
                break (old, other);
            }
        };
        let Some(report) = report(&old, &new) else { continue };
        names.iter().for_each(|name| *met.entry(name).or_default() += 1);
        // Other words may have another Rust type, which users see; it takes the same values. Keys that move are told.
        let is_type = |kind| kind == ChangeKind::TypeChanged;
        let is_harmless = |kind| is_type(kind) || kind == ChangeKind::WireKeyChanged;
        if report.changes.iter().all(|change| is_harmless(change.kind) && change.strictness.is_none()) {
            retyped += u64::from(report.changes.iter().any(|change| is_type(change.kind)));
            continue;
        }
        wrong.push(format!("seed {seed}, {names:?}:\n{}\n{}", told(&report), fields_apart(&old, &new)));
    }
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(retyped < SCHEMAS / 50, "{retyped} changed their types");
    assert!(met.len() == REWRITINGS.len() && met.values().all(|count| *count >= SCHEMAS as usize / 100), "{met:?}");
}

/// An instance that only one of two schemas accepts, by which it is.
struct Shown {
    /// Accepted before, refused now.
    lost: Option<Value>,
    /// Refused before, accepted now.
    won: Option<Value>,
}

/// Looks for instances that show a difference; those with names that a schema does not know prove nothing, since our types
/// don't take them.
fn shown(old: &Value, new: &Value, rng: &mut Rng) -> Shown {
    let (old, new) = (normal(old), normal(new));
    let validator =
        |schema| jsonschema::draft202012::options().should_validate_formats(false).build(schema).expect("a schema");
    let (before, after) = (validator(&old), validator(&new));
    let mut shown = Shown { lost: None, won: None };
    for _ in 0..INSTANCES {
        let wrong = rng.usize(0..3);
        let value = instance(if rng.bool() { &old } else { &new }, rng, wrong);
        if [&old, &new].iter().any(|schema| has_other_names(schema, schema, &value)) {
            continue;
        }
        match (before.is_valid(&value), after.is_valid(&value)) {
            (true, false) => shown.lost = Some(value),
            (false, true) => shown.won = Some(value),
            _ => {}
        }
    }
    shown
}

/// What is wrong about a report on a change that only made one thing stricter, or looser.
fn faults(report: &Report, shown: &Shown, direction: Option<Strictness>) -> Vec<String> {
    let says = |wanted: Strictness| {
        let is_it = |how| how == wanted || how == Strictness::Changed;
        report.changes.iter().any(|change| change.strictness.is_some_and(is_it))
    };
    let mut faults = Vec::new();
    if let Some(value) = shown.lost.as_ref().filter(|_| !says(Strictness::Tightened)) {
        faults.push(format!("{value} is refused now"));
    }
    if let Some(value) = shown.won.as_ref().filter(|_| !says(Strictness::Loosened)) {
        faults.push(format!("{value} is accepted now"));
    }
    let is_other = |how| direction.is_some_and(|direction| how != direction);
    if report.changes.iter().any(|change| change.strictness.is_some_and(is_other)) {
        faults.push(format!("this is {} and nothing else", direction.map_or("", Strictness::as_str)));
    }
    faults
}

#[test]
fn what_became_stricter_or_looser_is_what_instances_show() {
    let (mut wrong, mut by_instance, mut silent, mut all, mut choices) = (Vec::new(), 0, 0, 0, 0);
    for seed in 0..SCHEMAS {
        let mut rng = Rng::with_seed(seed);
        let loose = schema(&mut rng);
        let places = places(&loose);
        let place = &places[rng.usize(0..places.len())];
        let Some(part) = loose.pointer(&place.pointer).and_then(|part| tightened(part, &mut rng)) else { continue };
        let is_of_library = |name: &String| name.starts_with("unevaluated") || name == "patternProperties";
        let by_words = place.by_words || part.as_object().is_some_and(|part| part.keys().any(is_of_library));
        let is_new = |keyword: &str| {
            loose.pointer(&place.pointer).is_some_and(|old| old.get(keyword).is_none() && part.get(keyword).is_some())
        };
        let is_choice = is_new("anyOf");
        choices += u64::from(is_choice);
        let is_both = loose.pointer(&place.pointer).is_some_and(|old| old["oneOf"] != part["oneOf"]);
        let mut strict = loose.clone();
        *strict.pointer_mut(&place.pointer).expect("a place") = part;
        for (old, new, how) in [(&loose, &strict, Strictness::Tightened), (&strict, &loose, Strictness::Loosened)] {
            let Some(report) = report(old, new) else { continue };
            let shown = shown(old, new, &mut rng);
            let direction = (place.monotone && !by_words && !is_both).then_some(how);
            let says_required = |change: &diff::Change| change.sentence.contains("the key ");
            let untrue = (is_choice && report.changes.iter().any(says_required))
                .then(|| "each key may be missing, if the other is there".to_owned());
            for fault in faults(&report, &shown, direction).into_iter().chain(untrue) {
                wrong.push(format!("seed {seed}, {fault}:\n{}\n{}", told(&report), fields_apart(old, new)));
            }
            all += 1;
            by_instance += u64::from(shown.lost.is_some() || shown.won.is_some());
            silent += u64::from(report.changes.is_empty());
        }
    }
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(choices > 2, "{choices} choices");
    assert!(all > SCHEMAS && by_instance * 3 > all && silent * 5 < all, "{by_instance} and {silent} of {all}");
}
