//! Forms of unions that were gone and are back have the names that they had, whatever happened meanwhile to what they share
//! with the others.

use std::collections::BTreeMap;

use fastrand::Rng;
use runcomfy_codegen::ErrorKind;
use workspace_tests::stability::changes::{Change, Growth};
use workspace_tests::stability::released::{Released, released};
use workspace_tests::stability::{Key, Spec};

use super::{NAMED, moved, named};

/// A model of which a form of a union has gone.
struct Gone {
    spec: Spec,
    /// What was released with all forms.
    before: Released,
    without: Spec,
    /// The lock after the form went.
    lock: String,
}

impl Gone {
    /// `None` where the model has no form to lose, or asks about what is left.
    fn random(rng: &mut Rng) -> Option<Self> {
        let spec = Spec::random(rng, "random/model/base");
        let without = Growth::FormGone.apply(rng, &spec, &spec, 1_000_000)?;
        let now = named(&spec, None).unwrap_or_else(|errors| panic!("{}\n{errors}", spec.schema()));
        let before = released(&spec, &now);
        let lock = named(&without, Some(&now.lock.render())).ok()?.lock.render();
        Some(Self { spec, before, without, lock })
    }
}

#[test]
fn a_form_that_was_gone_has_its_names_again() {
    let (mut steps, mut stops) = (0, 0);
    for seed in 0..NAMED {
        let mut rng = Rng::with_seed(seed);
        let Some(Gone { spec, before, without, lock }) = Gone::random(&mut rng) else { continue };
        let change = [None, Some(Change::Renumber), Some(Change::Reorder)][rng.usize(0..3)];
        let back = change.map_or_else(|| spec.clone(), |change| change.apply(&mut rng, &spec));
        steps += 1;
        match named(&back, Some(&lock)) {
            Ok(model) => {
                let moved = moved(&before, &released(&back, &model));
                let texts = format!("{}\n{}\n{}", spec.schema(), without.schema(), back.schema());
                assert!(moved.is_empty(), "seed {seed}, {change:?}: {moved:#?}\n{texts}");
            }
            Err(errors) => {
                assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous), "seed {seed}: {errors}");
                assert!(change == Some(Change::Renumber), "seed {seed}, {change:?} must not stop:\n{errors}");
                stops += 1;
            }
        }
    }
    assert!(steps > 40 && stops * 3 < steps, "{stops} of {steps} steps stopped");
}

/// The model with everything that it had before some of it went, where all that stayed is as it is `now`: the keys and
/// the titles that forms share are those that the other forms have. `None` where another field has what a returned
/// one had.
fn with_all_again(spec: &Spec, without: &Spec, now: &Spec) -> Option<Spec> {
    let keys = |spec: &Spec| {
        let mut keys = Vec::new();
        spec.clone().each_key(&mut |key| keys.push(key.clone()));
        keys
    };
    let pairs = keys(without).into_iter().zip(keys(now));
    let ids: BTreeMap<u32, u32> = pairs.flat_map(|(old, new)| old.nodes().into_iter().zip(new.nodes())).collect();
    let mut titles = BTreeMap::new();
    now.clone().each_field(&mut |field| _ = titles.insert(field.uid, field.title.clone()));
    let (taken_ids, taken_titles) = (now.nodes(), now.titles());
    let (mut back, mut is_free) = (spec.clone(), true);
    back.each_key(&mut |key| {
        if let Key::Node(nodes) = key {
            for (node, _) in nodes {
                is_free &= ids.contains_key(node) || !taken_ids.contains(node);
                *node = ids.get(node).copied().unwrap_or(*node);
            }
        }
    });
    back.each_field(&mut |field| {
        is_free &= titles.contains_key(&field.uid) || !taken_titles.contains(&field.title);
        field.title = titles.get(&field.uid).unwrap_or(&field.title).clone();
    });
    is_free.then_some(back)
}

#[test]
fn a_form_that_was_gone_knows_what_its_siblings_are_called() {
    let (mut steps, mut stops, mut shared) = (0, 0, 0);
    for seed in 0..NAMED {
        let mut rng = Rng::with_seed(seed);
        let Some(Gone { spec, before, without, lock }) = Gone::random(&mut rng) else { continue };
        // What happens while the form is gone, one after the other.
        let meanwhile = [Change::Translate, Change::Retitle, Change::Renumber, Change::Rotate];
        let (mut last, mut lock, mut changes) = (without.clone(), lock, Vec::new());
        for _ in 0..rng.usize(1..3) {
            let change = meanwhile[rng.usize(0..meanwhile.len())];
            let next = change.apply(&mut rng, &last);
            let Ok(model) = named(&next, Some(&lock)) else { break };
            (last, lock) = (next, model.lock.render());
            changes.push(change);
        }
        let Some(back) = with_all_again(&spec, &without, &last) else { continue };
        steps += 1;
        shared += usize::from(back.titles() != spec.titles());
        let texts = || format!("{}\n{}\n{}", spec.schema(), last.schema(), back.schema());
        match named(&back, Some(&lock)) {
            Ok(model) => {
                let moved = moved(&before, &released(&back, &model));
                assert!(moved.is_empty(), "seed {seed}, {changes:?}: {moved:#?}\n{}", texts());
            }
            Err(errors) => {
                assert!(errors.iter().all(|error| error.kind == ErrorKind::Ambiguous), "seed {seed}: {errors}");
                let is_asked = changes.iter().any(|change| matches!(change, Change::Renumber | Change::Rotate));
                assert!(is_asked, "seed {seed}, {changes:?} must not stop:\n{errors}\n{}", texts());
                stops += 1;
            }
        }
    }
    assert!(steps > 40 && shared > 20 && stops * 3 < steps, "{stops} of {steps} steps stopped, {shared} retitled");
}
