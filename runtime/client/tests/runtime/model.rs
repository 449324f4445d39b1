//! A whole model: everything wrong at once, both spellings, and what readers refuse.

use crate::sample_model::{Camera, Input, Keyframe, Output, Resolution, State, Strength, full, sample};
use runcomfy_client::rt;
use runcomfy_client::schema::{Names, Object as _};
use runcomfy_client::{ImageInput, InvalidInput, Model, ViolationKind};
use serde_json::{Value, json};

fn lines(invalid: &InvalidInput) -> Vec<String> {
    invalid.iter().map(ToString::to_string).collect()
}

fn read(json: &Value) -> Result<Input, String> {
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

/// The smallest valid document with readable names, and these fields besides.
fn readable(more: Value) -> Value {
    let mut json = json!({"prompt": "p", "image": "a.png", "strength": 0.5});
    if let (Some(all), Value::Object(more)) = (json.as_object_mut(), more) {
        all.extend(more);
    }
    json
}

#[test]
fn a_wrong_value_of_every_kind_yields_every_violation_at_once() {
    let mut input = full();
    input.prompt = "x".repeat(21);
    input.image = ImageInput::url("http://example.com/a.png");
    input.number_of_frames = Some(82);
    input.seed = Some(u64::MAX);
    input.guidance_scale = Some(10.05);
    input.camera = Some(Camera::new(0.0));
    let twin = Keyframe::new(ImageInput::sample("a prompt"), Camera::new(f64::NAN));
    input.keyframes = Some(vec![Keyframe::new(sample(), Camera::new(1.0)), twin]);
    input.color = Some((0, -1, 256));
    input.weights = Some(["a", "b", "c"].map(|name| (name.to_owned(), f64::INFINITY)).into());
    input.strength = Strength::Number(1.5);
    input.extra.insert("47_value".to_owned(), 1.into());
    input.extra.insert("98_seed".to_owned(), 1.into());
    let invalid = input.validate().expect_err("nearly all of it is wrong");
    let forms = "a public https URL, a data:image/…;base64 URI or the name of a hosted sample";
    assert_eq!(
        lines(&invalid),
        [
            "prompt (56_text): \"xxxxxxxxxxxxxxxxxxxxx\" with 21 characters is too long, allowed 1 to 20 characters",
            &format!(
                "image (118_image): \"http://example.com/a.png\" is not a media source, allowed {forms}; use https, not http"
            ),
            "number_of_frames (25_value): 82 is not one of the values, allowed 81, 141",
            "seed (98_seed): 18446744073709551615 is above the maximum, allowed at most 18446744073709551614",
            "guidance_scale (108_cfg): 10.05 is above the maximum, allowed 0 to 10",
            "guidance_scale (108_cfg): 10.05 is between the steps, allowed multiples of 0.1",
            "camera.zoom (z/m): 0 is below the minimum, allowed above 0",
            &format!("keyframes[1].image: \"a prompt\" is not a media source, allowed {forms}"),
            "keyframes[1].camera.zoom (z/m): NaN is not a finite number, allowed above 0",
            "color[1]: -1 is below the minimum, allowed 0 to 255",
            "color[2]: 256 is above the maximum, allowed 0 to 255",
            "weights.a: inf is not a finite number",
            "weights.b: inf is not a finite number",
            "weights.c: inf is not a finite number",
            "weights: an object of 3 has too many properties, allowed at most 2 properties",
            "strength: 1.5 is above the maximum, allowed at most 1",
            "extra.98_seed: is a field of its own; set seed instead",
        ]
    );
    assert!(invalid.to_string().starts_with("the input has 17 problems:\n  prompt (56_text): "));
}

#[test]
fn a_violation_tells_programs_what_it_tells_people() {
    let mut input = full();
    input.keyframes = Some(vec![Keyframe::new(sample(), Camera::new(-1.0))]);
    let invalid = input.validate().expect_err("the zoom is negative");
    let [violation] = invalid.violations() else { panic!("{invalid}") };
    assert_eq!(violation.kind(), ViolationKind::Minimum);
    assert_eq!((violation.name(), violation.wire_key()), ("zoom", "z/m"));
    assert_eq!(violation.wire_pointer(), "/keyframes/0/camera/z~1m");
    assert_eq!(violation.path().len(), 4);
    assert_eq!((violation.given(), violation.allowed(), violation.hint()), (Some("-1"), "above 0", None));
}

#[test]
fn both_spellings_hold_what_is_set_and_nothing_else() {
    let input = Input::new("p", sample(), Strength::Preset("auto".to_owned()));
    let image = "Runcomfy_Example_1290_1.png";
    assert_eq!(json!(input), json!({"prompt": "p", "image": image, "strength": "auto"}));
    assert_eq!(input.to_wire(), json!({"56_text": "p", "118_image": image, "strength": "auto"}));
    let (stored, wire) = (json!(full()), full().to_wire());
    assert_eq!(stored["extra"], json!({"new_key": true}));
    assert_eq!((&wire["new_key"], &wire["extra"]), (&json!(true), &Value::Null));
    assert_eq!((&stored["negative"], &wire["57_text"]), (&Value::Null, &Value::Null));
    assert_eq!((&stored["camera"], &wire["camera"]), (&json!({"zoom": 1.5}), &json!({"z/m": 1.5})));
    assert_eq!((stored.as_object().map(|map| map.len()), wire.as_object().map(|map| map.len())), (Some(14), Some(14)));
}

#[test]
fn what_is_written_is_read_again() {
    assert!(full().validate().is_ok());
    assert_eq!(read(&json!(full())), Ok(full()));
    assert_eq!(Input::from_wire(full().to_wire()), Ok(full()));
}

#[test]
fn a_fault_in_every_field_is_reported_at_once() {
    let invalid = Input::from_wire(json!({
        "56_text": 1, "118_image": null, "4_valuex3_value": "900x900", "25_value": "81", "98_seed": -1, "108_cfg": null,
        "57_text": true, "camera": {}, "keyframes": [{"image": "a.png", "extra": {}}, 7], "color": [1, 2],
        "weights": {"a": "b"}
    }));
    assert_eq!(
        lines(&invalid.expect_err("all of it is wrong")),
        [
            "strength: is missing",
            "prompt (56_text): 1 has the wrong type, allowed a string",
            "image (118_image): null has the wrong type, allowed a string",
            "resolution (4_valuex3_value): \"900x900\" is not one of the values, allowed \"480x480 (1:1)\", \"720x720 (1:1)\"",
            "number_of_frames (25_value): \"81\" has the wrong type, allowed an integer",
            "seed (98_seed): -1 is below the minimum, allowed 0 to 18446744073709551614",
            "guidance_scale (108_cfg): null has the wrong type, allowed a number; leave the field out instead",
            "negative (57_text): true has the wrong type, allowed a string",
            "camera.zoom (z/m): is missing",
            "keyframes[0].camera: is missing",
            "keyframes[0].extra: is not a known name, allowed image, camera",
            "keyframes[1]: 7 has the wrong type, allowed an object",
            "color: a list of 2 has too few items, allowed a list of 3",
            "weights.a: \"b\" has the wrong type, allowed a number",
        ]
    );
}

#[test]
fn a_name_given_twice_is_refused_also_by_its_alias() {
    let twice: Result<Input, _> =
        serde_json::from_str(r#"{"prompt": "a", "image": "a.png", "strength": 1, "prompt": "b"}"#);
    assert!(twice.expect_err("twice").to_string().contains("prompt (56_text): is given twice"));
    let alias = readable(json!({"size": "480x480 (1:1)"}));
    assert_eq!(read(&alias).map(|input| input.resolution), Ok(Some(Resolution::R480x480)));
    let both = readable(json!({"size": "480x480 (1:1)", "resolution": "480x480 (1:1)"}));
    assert!(read(&both).expect_err("twice").contains("resolution (4_valuex3_value): is given twice"));
    assert!(Input::SCHEMA.check_json(&both, Names::Readable).is_err());
    assert!(Input::SCHEMA.check_json(&alias, Names::Readable).is_ok());
}

#[test]
fn an_unknown_name_gets_advice() {
    let error = |name: &str| read(&readable(json!({name: 1}))).expect_err("unknown");
    assert!(error("promt").contains("promt: is not a known name, allowed prompt, image, "));
    assert!(error("promt").ends_with("did you mean prompt?"));
    assert!(error("56_text").ends_with("it is a wire key, the name is prompt"));
    assert!(error("temperature").ends_with("strength"), "nothing is near");
}

#[test]
fn null_means_what_the_type_says() {
    assert_eq!(read(&readable(json!({}))).map(|input| input.negative), Ok(None));
    assert_eq!(read(&readable(json!({"negative": null}))).map(|input| input.negative), Ok(Some(None)));
    assert_eq!(read(&readable(json!({"anything": null}))).map(|input| input.anything), Ok(Some(Value::Null)));
    let error = read(&readable(json!({"camera": null, "resolution": null}))).expect_err("null");
    assert_eq!(error.matches("leave the field out instead").count(), 2, "{error}");
}

#[test]
fn integers_are_exact_and_may_have_a_point_and_zeros() {
    let frames = |value| read(&readable(json!({"number_of_frames": value}))).map(|input| input.number_of_frames);
    for int in [i64::MIN, i64::MIN + 1, i64::MAX, 81] {
        assert_eq!(frames(json!(int)), Ok(Some(int)));
    }
    assert_eq!(frames(json!(81.0)), Ok(Some(81)));
    assert_eq!(frames(json!(i64::MIN as f64)), Ok(Some(i64::MIN)));
    for value in [json!(81.5), json!(i64::MAX as f64), json!(u64::MAX), json!(1e300)] {
        assert!(frames(value.clone()).is_err(), "{value}");
    }
    let seed = read(&readable(json!({"seed": u64::MAX}))).map(|input| input.seed);
    assert_eq!(seed, Ok(Some(u64::MAX)));
    assert!(read(&readable(json!({"seed": u64::MAX as f64}))).is_err());
}

#[test]
fn an_integer_beyond_its_type_is_told_the_bound() {
    let error = |field: &str, value: Value| read(&readable(json!({field: value}))).expect_err("out of range");
    let too_large: Value = serde_json::from_str("99999999999999999999").expect("a number");
    let above = |end: &str| format!("1e20 is above the maximum, allowed {end}");
    for (field, value, line) in [
        ("seed", too_large.clone(), above("at most 18446744073709551614")),
        ("number_of_frames", too_large.clone(), above("at most 9223372036854775807")),
        ("seed", json!(-1), "-1 is below the minimum, allowed 0 to 18446744073709551614".to_owned()),
        (
            "number_of_frames",
            json!(-1e300),
            "-1e300 is below the minimum, allowed at least -9223372036854775808".to_owned(),
        ),
        ("number_of_frames", json!(1.5), "1.5 has the wrong type, allowed an integer".to_owned()),
        ("color", json!([0, 1e19, 0]), "1e19 is above the maximum, allowed 0 to 255".to_owned()),
    ] {
        let error = error(field, value);
        assert!(error.ends_with(&line), "{error} | {line}");
    }
}

#[test]
fn wire_keys_that_nobody_knows_are_kept_where_there_is_room() {
    let mut wire = full().to_wire();
    wire["later"] = json!({"a": [1]});
    wire["camera"]["later"] = json!(1);
    let input = Input::from_wire(wire.clone()).expect("kept");
    assert_eq!(input.extra["later"], json!({"a": [1]}));
    assert_eq!(input.camera.as_ref().map(|camera| &camera.extra["later"]), Some(&json!(1)));
    assert_eq!(input.to_wire(), wire);
    assert_eq!(read(&json!(input)), Ok(input));
}

#[test]
fn extra_is_not_for_fields_and_a_near_miss_is_told() {
    let with = |name: &str| {
        let mut input = full();
        input.extra.insert(name.to_owned(), 5.into());
        input
    };
    for (name, field) in [("guidance_scale", "guidance_scale"), ("108_cfg", "guidance_scale"), ("size", "resolution")] {
        let invalid = with(name).validate().expect_err("the field is meant");
        assert_eq!(lines(&invalid), [format!("extra.{name}: is a field of its own; set {field} instead")]);
        assert_eq!(invalid.violations()[0].wire_pointer(), format!("/{name}"), "what is sent has no `extra`");
        let stored = Input::SCHEMA.check_json(&json!(with(name)), Names::Readable).expect_err("the field is meant");
        assert_eq!(lines(&stored), lines(&invalid));
        assert_eq!(with(name).near_misses(), []);
    }
    let told = |name: &str| with(name).near_misses().iter().map(ToString::to_string).collect::<Vec<_>>();
    for (name, field) in
        [("guidance_scal", "guidance_scale"), ("GuidanceScale", "guidance_scale"), ("108_cgf", "guidance_scale")]
    {
        assert!(with(name).validate().is_ok(), "never refused");
        assert_eq!(told(name), [format!("extra.{name}: is not a known name; did you mean {field}?")]);
    }
    assert_eq!(told("109_cfg"), [""; 0], "another node is another field");
    assert_eq!(told("temperature"), [""; 0]);
}

#[test]
fn media_must_be_what_they_were_made_as() {
    let with = |image: ImageInput| Input::new("p", image, Strength::Number(0.5));
    let hint = |image| {
        let invalid = with(image).validate().expect_err("not as it was made");
        invalid.violations()[0].hint().map(str::to_owned).unwrap_or_default()
    };
    assert!(hint(ImageInput::url("photo.png")).contains("by `sample`"));
    assert!(hint(ImageInput::url("https://localhost/a.png")).contains("not on the public internet"));
    assert!(hint(ImageInput::sample("https://example.com/a.png")).contains("by `url`"));
    assert!(hint(ImageInput::data("photo.png")).contains("by `sample`"));
    // What is read is what it looks like, and inputs that send the same are equal.
    let read = Input::from_wire(with(ImageInput::url("photo.png")).to_wire()).expect("readable");
    assert_eq!(read, with(ImageInput::url("photo.png")));
    assert!(read.validate().is_ok());
    assert!(Input::SCHEMA.check_json(&json!(with(ImageInput::url("https://10.0.0.1/a"))), Names::Readable).is_err());
}

#[test]
fn a_value_that_is_nearly_listed_gets_advice() {
    let error = read(&readable(json!({"resolution": "480X480 (1:1)"}))).expect_err("no such value");
    assert!(error.ends_with("\"720x720 (1:1)\"; did you mean \"480x480 (1:1)\"?"), "{error}");
    let mut wire = full().to_wire();
    wire["4_valuex3_value"] = json!("480x480 (1.1)");
    let invalid = Input::SCHEMA.check_json(&wire, Names::Wire).expect_err("no such value");
    assert_eq!(invalid.violations()[0].hint(), Some("did you mean \"480x480 (1:1)\"?"));
    let error = "480*480 (1:1)".parse::<Resolution>().expect_err("no such value");
    assert_eq!(error.meant(), Some("480x480 (1:1)"));
    assert!(error.to_string().ends_with("; did you mean \"480x480 (1:1)\"?"), "{error}");
    let error = "490x480 (1:1)".parse::<Resolution>().expect_err("no such value");
    assert_eq!(error.meant(), None, "another number is no typing error");
}

#[test]
fn a_union_that_fits_no_form_says_what_its_rules_say() {
    let strength = |value| read(&readable(json!({"strength": value})));
    assert!(strength(json!("auto")).is_ok());
    assert!(strength(json!(2)).is_ok(), "bounds are left to validate");
    let error = strength(json!({"a": 1})).expect_err("an object");
    assert!(error.ends_with("strength: an object of 1 has the wrong type, allowed a number or a string"), "{error}");
}

#[test]
fn extra_is_a_map_where_there_is_room_for_it() {
    assert!(read(&readable(json!({"extra": {"k": [1]}}))).is_ok_and(|input| input.extra["k"] == json!([1])));
    assert!(read(&readable(json!({"extra": 1}))).is_err());
    let keyframe = json!({"image": "a.png", "camera": {"zoom": 1, "extra": {}}, "extra": {}});
    let error = read(&readable(json!({"keyframes": [keyframe]}))).expect_err("keyframes have no extra");
    assert!(error.contains("1 problem:\n  keyframes[0].extra: is not a known name"), "{error}");
}

#[test]
fn floats_that_are_not_finite_are_not_stored() {
    let mut input = full();
    input.weights = Some([("a".to_owned(), f64::NAN)].into());
    let error = serde_json::to_string(&input).expect_err("NaN");
    assert_eq!(error.to_string(), "weights: NaN is not a finite number");
    assert_eq!(input.to_wire()["weights"]["a"], Value::Null);
    assert_ne!(input, input.clone());
}

#[test]
fn too_deep_documents_are_refused() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let invalid = Input::from_wire(json!({"anything": deep})).expect_err("deep");
    assert_eq!(invalid.violations()[0].kind(), ViolationKind::TooDeep);
    let mut input = full();
    input.anything = Some(deep);
    assert!(input.validate().is_ok(), "no rule looks into it");
}

#[test]
fn responses_keep_what_they_do_not_know() {
    let json = json!({"st": "paused", "image": null, "new": {"a": [1]}, "state": 7});
    let output: Output = rt::from_wire(json).expect("open");
    assert_eq!(output.state.as_ref().map(State::as_str), Some("paused"));
    assert!(matches!(output.state, Some(State::Unknown(_))));
    assert_eq!(output.image, None);
    assert_eq!(output.extra, *json!({"new": {"a": [1]}, "state": 7}).as_object().expect("an object"));
    let output: Output = serde_json::from_value(json!({"state": "done", "new": 1})).expect("open");
    assert_eq!(output.state, Some(State::Done));
    assert_eq!(json!(output), json!({"state": "done", "new": 1}));
    assert_eq!(rt::to_wire(&output), json!({"st": "done", "new": 1}));
}

#[test]
fn enums_convert_and_their_errors_list_the_values() {
    assert_eq!("480x480 (1:1)".parse(), Ok(Resolution::R480x480));
    assert_eq!(format!("{:>15}", Resolution::R720x720), "  720x720 (1:1)");
    let error = "4k".parse::<Resolution>().expect_err("not a resolution");
    assert_eq!(error.to_string(), r#""4k" is not one of the values, allowed "480x480 (1:1)", "720x720 (1:1)""#);
    assert!(serde_json::from_str::<Resolution>("\"4k\"").is_err());
    assert_eq!("failed".parse(), Ok(State::Failed));
    assert_eq!(serde_json::from_str::<State>("\"new\"").map(|state| state.to_string()).ok().as_deref(), Some("new"));
}

#[test]
fn debug_shows_what_is_set_and_cuts_data() {
    let mut input =
        Input::new("p", ImageInput::data(format!("data:image/png;base64,{}", "A".repeat(99))), Strength::Number(1.0));
    input.camera = Some(Camera::new(1.0));
    assert_eq!(
        format!("{input:?}"),
        "Input { prompt: \"p\", image: \"data:image/png;base64,AAAAAAAA…\" (121 bytes), camera: Camera { zoom: 1.0 }, strength: 1.0 }"
    );
}

#[test]
fn equality_is_that_of_what_is_sent() {
    assert_eq!(full(), full());
    let changes: [fn(&mut Input); 4] = [
        |input| input.negative = None,
        |input| input.extra.clear(),
        |input| input.camera = Some(Camera::new(1.25)),
        |input| input.prompt.push('!'),
    ];
    for change in changes {
        let mut input = full();
        change(&mut input);
        assert_ne!(input, full());
    }
}

#[test]
fn tables_can_be_looked_up() {
    let field = Input::SCHEMA.field("number_of_frames").expect("a field");
    assert_eq!((field.key, field.required, field.default_value()), ("25_value", false, Some(json!(81))));
    assert!(Input::SCHEMA.field("size").is_some() && Input::SCHEMA.field("25_value").is_none());
    assert!(std::ptr::eq(full().table(), Input::SCHEMA));
    assert_eq!(Input::SCHEMA.field_by_key("56_text").map(|field| field.name), Some("prompt"));
}

#[test]
fn untyped_documents_are_checked_as_typed_ones() {
    let wire = full().to_wire();
    let stored = json!(full());
    assert!(Input::SCHEMA.check_json(&stored, Names::Readable).is_ok());
    let invalid = Input::SCHEMA.check_json(&wire, Names::Wire).expect_err("the wire has no extra");
    assert_eq!(invalid.iter().map(|violation| violation.name()).collect::<Vec<_>>(), ["new_key"]);
    let invalid = Input::SCHEMA.check_json(&json!({"image": "a.png", "extra": {"98_seed": 1}}), Names::Readable);
    assert_eq!(
        lines(&invalid.expect_err("incomplete")),
        [
            "extra.98_seed: is a field of its own; set seed instead",
            "prompt (56_text): is missing",
            "strength: is missing",
        ]
    );
}
