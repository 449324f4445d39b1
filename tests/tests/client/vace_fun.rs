//! The page that everything started from: its own request example, its fields and its limits, through the public API.

use downstream::models::community::wan_2_2::vace_fun::{Input, Output, Resolution};
use runcomfy::{ImageInput, Model, ViolationKind};
use serde_json::{Value, json};

fn published() -> Value {
    let text = std::fs::read_to_string(workspace_tests::frozen().join("community/wan-2-2/vace-fun/input.json"));
    serde_json::from_str(&text.expect("the committed schema")).expect("JSON")
}

/// The request that the page shows: the two required keys with their samples.
fn page_example() -> Value {
    let sample = |key: &str| published()["properties"][key]["default"].clone();
    json!({"56_text": sample("56_text"), "118_image": sample("118_image")})
}

#[test]
fn the_pages_own_request_goes_through_unchanged() {
    let input = Input::from_wire(page_example()).expect("the page's own example");
    input.validate().expect("valid");
    assert_eq!(input.to_wire(), page_example());
    assert_eq!(input.image, ImageInput::sample("Runcomfy_Example_1290_1.png"));
}

#[test]
fn the_readable_form_goes_through_serde_and_back() {
    let input = Input::new("A city", ImageInput::url("https://example.com/a.png"))
        .resolution(Resolution::R1024x576)
        .number_of_frames(141)
        .frames_per_second(24)
        .seed(-1)
        .steps(2)
        .guidance_scale(0.1)
        .shift(30.0);
    let stored = serde_json::to_value(&input).expect("readable");
    assert_eq!(
        stored,
        json!({"prompt": "A city", "image": "https://example.com/a.png", "resolution": "1024x576 (16:9)",
            "number_of_frames": 141, "frames_per_second": 24, "seed": -1, "steps": 2, "guidance_scale": 0.1,
            "shift": 30.0})
    );
    assert_eq!(serde_json::from_value::<Input>(stored).expect("reads back"), input);
}

#[test]
fn the_wire_form_has_the_published_keys_only() {
    let input = Input::new("A city", ImageInput::sample("a.png")).resolution(Resolution::R480x480).steps(12);
    assert_eq!(
        input.to_wire(),
        json!({"56_text": "A city", "118_image": "a.png", "4_valuex3_value": "480x480 (1:1)", "47_value": 12})
    );
}

#[test]
fn a_wrong_value_of_every_kind_is_reported_at_once() {
    let mut input = Input::new("A city", ImageInput::url("http://example.com/a.png"))
        .number_of_frames(100)
        .frames_per_second(25)
        .steps(1)
        .guidance_scale(f64::INFINITY)
        .shift(0.99);
    input.extra.insert("47_value".to_owned(), json!(3));
    let problems = input.validate().expect_err("six problems");
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for (name, key, words) in [
        ("image", "118_image", "https"),
        ("number_of_frames", "25_value", "81"),
        ("frames_per_second", "38_value", "12 to 24"),
        ("steps", "47_value", "2 to 40"),
        ("guidance_scale", "108_cfg", "0 to 10"),
        ("shift", "41_value", "1 to 30"),
    ] {
        let found = lines.iter().any(|line| line.contains(name) && line.contains(key) && line.contains(words));
        assert!(found, "no line with {name}, {key} and {words:?} in {lines:#?}");
    }
    assert_eq!(lines.len(), 7, "the key in `extra` is the seventh: {lines:#?}");
}

#[test]
fn reading_refuses_what_it_does_not_know_and_says_what_it_knows() {
    let read = |text: &str| serde_json::from_str::<Input>(text).expect_err("must be refused").to_string();
    let error = read(r#"{"prompt": "A", "image": "a.png", "setps": 3}"#);
    assert!(error.contains("setps") && error.contains("steps"), "{error}");
    let error = read(r#"{"prompt": "A", "prompt": "B", "image": "a.png"}"#);
    assert!(error.contains("prompt") && error.contains("twice"), "{error}");
    let error = read(r#"{"56_text": "A", "image": "a.png"}"#);
    assert!(error.contains("56_text") && error.contains("prompt"), "{error}");
}

#[test]
fn every_field_tells_its_limits_and_default() {
    let table = Input::SCHEMA;
    let names: Vec<&str> = table.fields.iter().map(|field| field.name).collect();
    assert_eq!(
        names,
        [
            "prompt",
            "image",
            "resolution",
            "number_of_frames",
            "frames_per_second",
            "seed",
            "steps",
            "guidance_scale",
            "shift"
        ]
    );
    for (key, published) in published()["properties"].as_object().expect("properties") {
        let field = table.field_by_key(key).unwrap_or_else(|| panic!("no field for {key}"));
        // Samples of the playground are cut, settings are kept whole.
        let cut = |text: &str| text.chars().take(160).chain(['…']).collect::<String>();
        let expected = published.get("default").map(|default| match default.as_str() {
            Some(text) if text.chars().count() > 160 => Value::from(cut(text)),
            _ => default.clone(),
        });
        assert_eq!(field.default_value(), expected, "{key}");
        assert_eq!(field.title, published["title"], "{key}");
    }
}

#[test]
fn every_resolution_survives_its_text() {
    for resolution in Resolution::ALL {
        assert_eq!(resolution.as_str().parse::<Resolution>().expect("a published value"), *resolution);
        assert_eq!(resolution.to_string(), resolution.as_str());
    }
    let error = "1x1".parse::<Resolution>().expect_err("no such value").to_string();
    assert!(error.contains("1024x576 (16:9)"), "{error}");
}

#[test]
fn the_output_keeps_what_it_does_not_know() {
    let json = json!({"video": "https://example.com/a.mp4", "image": null, "thumbnail": "https://example.com/t.png"});
    let output: Output = serde_json::from_value(json).expect("an open shape");
    assert_eq!(output.video.as_deref(), Some("https://example.com/a.mp4"));
    assert_eq!(output.image, None);
    assert_eq!(output.extra["thumbnail"], "https://example.com/t.png");
}

#[test]
fn inputs_can_cross_threads_and_be_debugged_without_their_payload() {
    fn shared<T: Clone + Send + Sync + PartialEq + std::fmt::Debug + 'static>(value: T) -> String {
        format!("{value:?}")
    }
    let picture = format!("data:image/png;base64,{}", "A".repeat(10_000));
    let shown = shared(Input::new("A city", ImageInput::data(picture)));
    assert!(shown.contains("A city") && shown.len() < 500, "{shown}");
}

#[test]
fn kinds_are_for_programs() {
    let problems = Input::new("A", ImageInput::sample("a.png")).steps(99).validate().expect_err("too many steps");
    let [problem] = problems.iter().collect::<Vec<_>>()[..] else { panic!("one problem: {problems}") };
    assert_eq!(problem.kind(), ViolationKind::Maximum);
}

#[test]
fn a_valid_input_is_checked_without_allocating() {
    let input = Input::new("A city", ImageInput::url("https://example.com/a.png"))
        .resolution(Resolution::R1024x576)
        .number_of_frames(141)
        .steps(20)
        .guidance_scale(0.1)
        .shift(30.0);
    let check = allocation_counter::measure(|| assert!(input.validate().is_ok()));
    assert_eq!(check.count_total, 0);
    let faults = allocation_counter::measure(|| assert!(input.clone().steps(99).validate().is_err()));
    assert!(faults.count_total > 0, "the counter counts");
}

/// The smallest file that is told to be a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[test]
fn a_picture_from_disk_is_sent_inside_the_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("reference");
    std::fs::write(&path, PNG).expect("a file");
    let image = ImageInput::from_path(&path).expect("a picture");
    let input = Input::new("A lone figure", image);
    assert!(input.validate().is_ok());
    assert!(input.to_wire()["118_image"].as_str().is_some_and(|text| text.starts_with("data:image/png;base64,")));
    let missing = ImageInput::from_path(folder.path().join("none"));
    assert!(matches!(missing, Err(runcomfy::MediaFileError::Io { .. })));
}
