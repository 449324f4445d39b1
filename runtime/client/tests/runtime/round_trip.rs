//! Laws: what is written is read again, whatever the shape.

use std::collections::BTreeMap;

use crate::sample_model::{Camera, Input, Keyframe, Resolution, Strength};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use runcomfy_client::{ImageInput, Json, Model, PathPart, ViolationKind, schema};

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![any::<i32>().prop_map(f64::from), proptest::num::f64::NORMAL]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        float().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn extra() -> impl Strategy<Value = runcomfy_client::Extra> {
    btree_map("new_[a-z]{1,3}", json(), 0..3).prop_map(|map| map.into_iter().collect())
}

fn camera() -> impl Strategy<Value = Camera> {
    (float(), of(any::<String>()), extra()).prop_map(|(zoom, label, extra)| {
        let mut camera = Camera::new(zoom);
        camera.label = label;
        camera.extra = extra;
        camera
    })
}

fn keyframe() -> impl Strategy<Value = Keyframe> {
    (any::<String>(), camera()).prop_map(|(image, camera)| Keyframe::new(ImageInput::url(image), camera))
}

fn strength() -> impl Strategy<Value = Strength> {
    prop_oneof![float().prop_map(Strength::Number), any::<String>().prop_map(Strength::Preset)]
}

prop_compose! {
    fn input()(
        required in (any::<String>(), any::<String>(), strength()),
        scalars in (of(proptest::sample::select(Resolution::ALL)), of(any::<i64>()), of(any::<u64>()), of(float())),
        negative in of(of(any::<String>())),
        objects in (of(camera()), of(vec(keyframe(), 0..3)), of(any::<(i64, i64, i64)>())),
        maps in (of(btree_map(any::<String>(), float(), 0..3)), of(json()), extra()),
    ) -> Input {
        let (prompt, image, strength) = required;
        let mut input = Input::new(prompt, ImageInput::url(image), strength);
        (input.resolution, input.number_of_frames, input.seed, input.guidance_scale) = scalars;
        input.negative = negative;
        (input.camera, input.keyframes, input.color) = objects;
        (input.weights, input.anything, input.extra) = maps;
        input
    }
}

/// Without what `check_json` refuses by design: keys that the table does not know.
fn without_extra(mut input: Input) -> Input {
    input.extra.clear();
    if let Some(camera) = &mut input.camera {
        camera.extra.clear();
    }
    for keyframe in input.keyframes.iter_mut().flatten() {
        keyframe.camera.extra.clear();
    }
    input
}

proptest! {
    #[test]
    fn readable_documents_are_read_as_they_were_written(input in input()) {
        let text = serde_json::to_string(&input).expect("every float is finite");
        prop_assert_eq!(serde_json::from_str::<Input>(&text).expect("it was just written"), input.clone());
        let tree = serde_json::to_value(&input).expect("every float is finite");
        prop_assert_eq!(serde_json::from_value::<Input>(tree).expect("it was just written"), input);
    }

    #[test]
    fn wire_documents_are_read_as_they_were_written(input in input()) {
        prop_assert_eq!(Input::from_wire(input.to_wire()), Ok(input));
    }

    #[test]
    fn typed_and_untyped_checks_agree(input in input()) {
        let input = without_extra(input);
        let verdict = |result: Result<(), runcomfy_client::InvalidInput>| result.is_ok();
        let typed = verdict(input.validate());
        prop_assert_eq!(verdict(Input::SCHEMA.check_json(&input.to_wire(), schema::Names::Wire)), typed);
        let readable = serde_json::to_value(&input).expect("every float is finite");
        prop_assert_eq!(verdict(Input::SCHEMA.check_json(&readable, schema::Names::Readable)), typed);
    }

    /// Of a fault both are true: where it stands in what was written, and where in what would be sent.
    #[test]
    fn every_fault_has_its_place_in_both_documents(input in input(), own in name(), cameras in name(), value in json()) {
        let mut input = input;
        input.extra.insert(own, value.clone());
        if let Some(camera) = &mut input.camera {
            camera.extra.insert(cameras, value);
        }
        let (wire, stored) = (input.to_wire(), serde_json::to_value(&input).expect("every float is finite"));
        let typed = input.validate().err();
        let untyped = Input::SCHEMA.check_json(&stored, schema::Names::Readable).err();
        for violation in typed.iter().chain(&untyped).flatten().filter(|fault| fault.kind() != ViolationKind::Missing) {
            let readable: String = violation.path().iter().map(step).collect();
            prop_assert!(stored.pointer(&readable).is_some(), "{violation}: {readable} in {stored}");
            let pointer = violation.wire_pointer();
            prop_assert!(wire.pointer(&pointer).is_some(), "{violation}: {pointer} in {wire}");
        }
    }

    #[test]
    fn no_document_makes_a_reader_or_the_checker_panic(document in json(), fields in btree_map(name(), json(), 0..6)) {
        let object = Json::Object(fields.into_iter().collect());
        for json in [document, object] {
            for names in [schema::Names::Wire, schema::Names::Readable] {
                let _ = Input::SCHEMA.check_json(&json, names);
            }
            let _ = serde_json::from_value::<Input>(json.clone());
            if let Err(invalid) = Input::from_wire(json) {
                prop_assert!(invalid.len() > 0 && invalid.to_string().lines().count() == invalid.len() + 1);
            }
        }
    }
}

/// A step of a JSON pointer into a stored input.
fn step(part: &PathPart) -> String {
    match part {
        PathPart::Name { name, .. } => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        PathPart::Index(index) => format!("/{index}"),
        PathPart::Extra => "/extra".to_owned(),
        other => panic!("{other:?}"),
    }
}

/// A name that may well be known.
fn name() -> impl Strategy<Value = String> {
    let known: Vec<&str> = Input::SCHEMA.fields.iter().flat_map(|field| [field.name, field.key]).collect();
    prop_oneof![proptest::sample::select(known).prop_map(str::to_owned), any::<String>(), Just("extra".to_owned())]
}

#[test]
fn empty_lists_and_maps_are_not_absent() {
    let mut input = Input::new("", ImageInput::url(""), Strength::Number(0.0));
    input.keyframes = Some(Vec::new());
    input.weights = Some(BTreeMap::new());
    assert_eq!(Input::from_wire(input.to_wire()), Ok(input));
}
