//! The controls that nearly every model has: a random source in, fields out. Which keys are node ids is told; what is rare
//! is not known here.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// One field of an input.
pub(super) struct Field {
    /// The wire key.
    pub(super) key: String,
    /// Whether it must be given.
    pub(super) required: bool,
    /// Its schema.
    pub(super) schema: Value,
}

/// A control: its plain key, its title, the input part of its node-id keys, and how it is made.
type Control = (&'static str, &'static str, &'static str, fn(&mut Rng) -> Value);

const CONTROLS: [Control; 22] = [
    ("negative_prompt", "Negative Prompt", "text", |_| json!({"type": "string", "default": ""})),
    ("end_image_url", "End Image", "image", |_| json!({"type": "string", "format": "image_uri"})),
    ("video_url", "Video", "video", |_| json!({"type": "string", "format": "video_uri"})),
    ("audio_url", "Audio", "audio", |_| json!({"type": "string", "format": "audio_uri"})),
    ("image_urls", "Reference Images", "images", images),
    ("resolution", "Resolution (W:H)", "value", |rng| listed(rng, &RESOLUTIONS)),
    ("aspect_ratio", "Aspect Ratio", "ratio", |rng| listed(rng, &RATIOS)),
    ("output_format", "Output Format", "format", |rng| listed(rng, &["png", "jpeg", "webp", "mp4", "gif"])),
    ("style", "Style", "style", |rng| listed(rng, &STYLES)),
    ("camera_motion", "Camera Motion", "motion", |rng| listed(rng, &MOTIONS)),
    ("duration", "Duration (s)", "value", durations),
    ("num_frames", "Number of Frames", "value", |_| json!({"type": "integer", "enum": [81, 141], "default": 81})),
    ("num_images", "Number of Images", "batch_size", |rng| whole(rng, 1, 4)),
    ("frames_per_second", "Frames Per Second", "value", |rng| whole(rng, 12, 30)),
    ("seed", "Seed", "seed", |_| json!({"type": "integer", "minimum": 0, "maximum": 4_294_967_295_u64})),
    ("steps", "Steps (High Noise)", "value", |rng| whole(rng, 2, 40)),
    ("refiner_steps", "Steps (Low Noise)", "value", |rng| whole(rng, 1, 20)),
    ("guidance_scale", "Guidance Scale", "cfg", |rng| float(rng, 0, 10)),
    ("shift", "Shift", "value", |rng| float(rng, 1, 30)),
    (
        "strength",
        "Strength",
        "strength",
        |_| json!({"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.05, "default": 0.8}),
    ),
    ("enable_safety_checker", "Safety Checker", "boolean", |_| json!({"type": "boolean", "default": true})),
    ("lora", "LoRA", "lora_name", |_| json!({"type": "string", "maxLength": 200})),
];

const RESOLUTIONS: [&str; 12] = [
    "480p",
    "720p",
    "1080P",
    "4k",
    "1024x576 (16:9)",
    "576x1024 (9:16)",
    "720x720 (1:1)",
    "480x720 (2:3)",
    "1280*720",
    "960_540",
    "square_hd",
    "portrait_4_3",
];
const RATIOS: [&str; 10] = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "3:2", "2:3", "5:4", "auto"];
const STYLES: [&str; 8] = ["cinematic", "anime", "3d-render", "Oil Painting", "pixel art", "none", "photo", "sketch"];
const MOTIONS: [&str; 6] = ["pan left", "pan right", "tilt up", "tilt down", "zoom in", "static"];

/// Parts that descriptions are made of.
const WORDS: [&str; 16] = [
    "sets", "how", "strongly", "the", "result", "follows", "given", "text", "higher", "values", "take", "longer",
    "and", "cost", "more", "detail",
];

/// A prompt, perhaps an image, and four to eight controls.
pub(super) fn fields(rng: &mut Rng, has_node_ids: bool) -> Vec<Field> {
    let mut all = vec![("prompt", "Prompt", "text", prompt as fn(&mut Rng) -> Value)];
    if rng.bool() {
        all.push(("image_url", "Image", "image", |_| json!({"type": "string", "format": "image_uri"})));
    }
    let required = all.len();
    let mut others = CONTROLS;
    rng.shuffle(&mut others);
    all.extend(&others[..rng.usize(4..9)]);
    let keys = keys(rng, all.len());
    let with_key = all.into_iter().zip(keys).enumerate();
    with_key
        .map(|(place, ((plain, title, part, make), node))| Field {
            key: if has_node_ids { format!("{node}_{part}") } else { plain.to_owned() },
            required: place < required,
            schema: described(rng, if has_node_ids { Some(title) } else { None }, make),
        })
        .collect()
}

/// Distinct node ids; now and then a control feeds two nodes, or sits in a subgraph.
fn keys(rng: &mut Rng, count: usize) -> Vec<String> {
    let mut next = 3;
    let mut node = |rng: &mut Rng| {
        next += rng.usize(1..30);
        match rng.u8(0..12) {
            0 => format!("{next}_valuex{}", next + 1),
            1 => format!("57:{next}"),
            _ => next.to_string(),
        }
    };
    (0..count).map(|_| node(rng)).collect()
}

fn described(rng: &mut Rng, title: Option<&str>, make: fn(&mut Rng) -> Value) -> Value {
    let mut schema = Map::new();
    schema.extend(title.map(|title| ("title".to_owned(), json!(title))));
    if rng.u8(0..4) > 0 {
        let words: Vec<&str> = (0..rng.usize(4..20)).map(|_| WORDS[rng.usize(0..WORDS.len())]).collect();
        schema.insert("description".to_owned(), json!(format!("It {}.", words.join(" "))));
    }
    if let Value::Object(made) = make(rng) {
        schema.extend(made);
    }
    schema.into()
}

fn prompt(rng: &mut Rng) -> Value {
    if rng.bool() {
        json!({"type": "string", "default": "A lone figure at golden hour"})
    } else {
        json!({"type": "String", "minLength": 1, "maxLength": 2000})
    }
}

fn images(rng: &mut Rng) -> Value {
    let mut schema = json!({"type": "array", "format": "image_uris", "maxItems": 10});
    if rng.bool() {
        schema["items"] = json!({"type": "string", "format": "image_uri"});
    }
    schema
}

/// A string enum of two or more of these values.
fn listed(rng: &mut Rng, values: &[&str]) -> Value {
    let from = rng.usize(0..values.len() - 1);
    let values = &values[from..rng.usize(from + 2..=values.len())];
    json!({"type": "string", "enum": values, "default": values[0]})
}

/// Seconds: a list of integers, of texts, or a range.
fn durations(rng: &mut Rng) -> Value {
    match rng.u8(0..3) {
        0 => json!({"type": "integer", "enum": [5, 10], "default": 5}),
        1 => json!({"type": "string", "enum": ["auto", "5", "10", "15"], "default": "auto"}),
        _ => whole(rng, 4, 15),
    }
}

fn whole(rng: &mut Rng, low: i64, high: i64) -> Value {
    json!({"type": "integer", "minimum": low, "maximum": high, "default": rng.i64(low..=high)})
}

fn float(rng: &mut Rng, low: i64, high: i64) -> Value {
    json!({"type": "float", "minimum": low, "maximum": high, "default": rng.i64(low * 2..=high * 2) as f64 / 2.0})
}
