//! Laws of the comparison, on random pairs of models with few names and few keys, so that keys move and meet often.

use proptest::prelude::*;
use serde_json::Number;
use std::collections::BTreeSet;

use super::{Change, ChangeKind, Strictness, compare};
use crate::ir::{
    Alias, Catalog, Choice, ChoiceValue, Extra, Field, Model, Module, Object, Origin, Output, Rule, Ty, Type, TypeKind,
};

const NAMES: [&str; 4] = ["prompt", "steps", "seed", "mode"];

fn field(name: &str, key: &str, ty: Ty, rules: Vec<Rule>, required: bool, title: &str) -> Field {
    Field {
        name: name.to_owned(),
        json: name.to_owned(),
        aliases: Vec::new(),
        key: key.to_owned(),
        title: title.to_owned(),
        description: String::new(),
        required,
        default: None,
        ty,
        rules,
        format: String::new(),
        fixed: None,
    }
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let bounds = (0..4_i64, 5..9_i64)
        .prop_map(|(low, high)| vec![Rule::Minimum(Number::from(low)), Rule::ExclusiveMaximum(Number::from(high))]);
    let text = (0..4_u64, prop::option::of("[ab]")).prop_map(|(length, pattern)| {
        let pattern = pattern.map(Rule::Pattern);
        [Rule::MaxLength(length)].into_iter().chain(pattern).collect()
    });
    prop_oneof![Just(Vec::new()), bounds, text]
}

fn fields() -> impl Strategy<Value = Vec<Field>> {
    let title = prop_oneof![Just(""), Just("One"), Just("Two")];
    let parts = (0..3_usize, rules(), any::<bool>(), title, any::<bool>());
    let all = prop::collection::vec(parts, NAMES.len());
    let keys = Just(vec!["1_text", "2_text", "3_text", "4_text", "5_text"]).prop_shuffle();
    (all, keys, prop::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len())).prop_map(|(parts, keys, names)| {
        let named = names.into_iter().zip(parts).zip(keys);
        named
            .map(|((name, (ty, rules, required, title, has_alias)), key)| {
                let ty = [Ty::Text, Ty::I64, Ty::List(Box::new(Ty::Named(1)))][ty].clone();
                let former = || Alias { name: format!("old_{name}"), json: format!("old_{name}") };
                let aliases = has_alias.then(former).into_iter().collect();
                Field { aliases, ..field(name, key, ty, rules, required, title) }
            })
            .collect()
    })
}

fn named(name: &str, kind: TypeKind) -> Type {
    let origin = Origin::Fixed(name.to_owned());
    Type {
        name: name.to_owned(),
        origin,
        pointer: String::new(),
        title: String::new(),
        description: String::new(),
        kind,
    }
}

fn model() -> impl Strategy<Value = Model> {
    let values = prop::sample::subsequence(vec!["fast", "slow", "fine"], 1..=3);
    (fields(), values, prop_oneof![Just("x/a"), Just("x/b"), Just("x/c")]).prop_map(|(fields, values, id)| {
        let required = (0..fields.len()).filter(|place| fields[*place].required).collect();
        let object =
            Object { fields, required, extra: Extra::Map, is_input: true, rules: Vec::new(), parts: Vec::new() };
        let values = values
            .into_iter()
            .map(|value| ChoiceValue { value: value.to_owned(), variant: value.to_uppercase() })
            .collect();
        let choice = Choice { values, open: false };
        Model {
            id: id.to_owned(),
            folder: id.to_owned(),
            display_name: String::new(),
            page: None,
            module: Module::default(),
            profile: crate::ir::Profile::default(),
            price: None,
            output: Output::Own(Ty::Json),
            is_output_assumed: false,
            gives: Vec::new(),
            facts: crate::ir::Facts::default(),
            incomplete: Vec::new(),
            types: vec![named("Input", TypeKind::Object(object)), named("Mode", TypeKind::Choice(choice))],
            input_types: 2,
            digest: 0,
            overrides: String::new(),
            lock: crate::lock::Lock::default(),
        }
    })
}

fn catalog() -> impl Strategy<Value = Catalog> {
    prop::collection::vec(model(), 0..4).prop_map(|mut models| {
        models.sort_by(|one, other| one.id.cmp(&other.id));
        models.dedup_by(|one, other| one.id == other.id);
        Catalog { models, shared: Vec::new() }
    })
}

fn inputs(model: &Model) -> &[Field] {
    match &model.types[0].kind {
        TypeKind::Object(object) => &object.fields,
        _ => &[],
    }
}

/// What changed about the values, by place, with how.
fn moved(changes: &[Change]) -> BTreeSet<(String, String, ChangeKind, Option<Strictness>)> {
    let of_rules = changes.iter().filter(|change| change.strictness.is_some() && !change.path.starts_with("Mode"));
    of_rules.map(|change| (change.model.clone(), change.path.clone(), change.kind, change.strictness)).collect()
}

/// What a change is called backwards.
fn backwards(kind: ChangeKind) -> ChangeKind {
    match kind {
        ChangeKind::BecameRequired => ChangeKind::BecameOptional,
        ChangeKind::BecameOptional => ChangeKind::BecameRequired,
        ChangeKind::RequiredFieldAdded => ChangeKind::FieldRemoved,
        ChangeKind::FieldRemoved => ChangeKind::RequiredFieldAdded,
        kind => kind,
    }
}

fn mirrored(strictness: Option<Strictness>) -> Option<Strictness> {
    strictness.map(|strictness| match strictness {
        Strictness::Tightened => Strictness::Loosened,
        Strictness::Loosened => Strictness::Tightened,
        Strictness::Changed => Strictness::Changed,
    })
}

proptest! {
    #[test]
    fn nothing_changes_between_equals(catalog in catalog()) {
        prop_assert_eq!(compare(&catalog, &catalog).verdict(), None);
    }

    #[test]
    fn what_differs_is_reported(old in catalog(), new in catalog()) {
        prop_assert_eq!(compare(&old, &new).verdict().is_none(), old == new);
    }

    #[test]
    fn the_order_of_models_means_nothing(old in catalog(), new in catalog()) {
        let mut reversed = new.clone();
        reversed.models.reverse();
        prop_assert_eq!(compare(&old, &new), compare(&old, &reversed));
    }

    #[test]
    fn what_tightens_forwards_loosens_backwards(old in model(), new in model()) {
        // Renamed fields are reported under their old name, which is another one backwards.
        prop_assume!(old.id == new.id);
        let catalog = |model: Model| Catalog { models: vec![model], shared: Vec::new() };
        let (old, new) = (catalog(old), catalog(new));
        let (there, back) = (compare(&old, &new), compare(&new, &old));
        prop_assume!(there.changes.iter().all(|change| change.kind != ChangeKind::FieldRenamed));
        let back = moved(&back.changes).into_iter().map(|(model, path, kind, how)| (model, path, backwards(kind), mirrored(how)));
        prop_assert_eq!(moved(&there.changes), back.collect::<BTreeSet<_>>());
    }

    /// Whatever a released version sends under a key reaches the field it means, or the change says so.
    #[test]
    fn no_key_that_changed_hands_goes_unnoticed(old in model(), new in model()) {
        prop_assume!(old.id == new.id);
        let catalog = |model: &Model| Catalog { models: vec![model.clone()], shared: Vec::new() };
        let report = compare(&catalog(&old), &catalog(&new));
        for field in inputs(&old) {
            let path = format!("Input.{}", field.name);
            let at: Vec<&Change> = report.changes.iter().filter(|change| change.path == path).collect();
            let owner = inputs(&new).iter().find(|owner| owner.key == field.key);
            let renamed = at.iter().any(|change| change.kind == ChangeKind::FieldRenamed);
            let flagged = at.iter().any(|change| change.wrong_keys);
            let unknown = at.iter().any(|change| change.unknown_key);
            match owner {
                Some(owner) => prop_assert_eq!(flagged, owner.name != field.name && !renamed),
                None => prop_assert!(flagged || unknown),
            }
        }
    }
}
