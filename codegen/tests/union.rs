//! What the types that stand for unions do: they read what is valid, write it back the same, and refuse the rest.
//!
//! The fixtures are generated code (see `union_fixtures.rs`), compiled with this test against a small stand-in for the
//! client.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::runcomfy_client::ImageInput;

/// The parts of the client that generated unions name.
pub mod runcomfy_client {
    pub use serde_json::Value as Json;

    /// Any text will do here.
    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct ImageInput(pub String);

    /// Paths and macros.
    pub mod rt {
        pub use {serde, serde_json};

        macro_rules! choice {
            ($name:ident) => {
                impl serde::Serialize for $name {
                    fn serialize<S: serde::Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
                        writer.serialize_str(self.as_str())
                    }
                }
                impl<'de> serde::Deserialize<'de> for $name {
                    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
                        let text = <String as serde::Deserialize>::deserialize(reader)?;
                        let found = Self::ALL.iter().copied().find(|value| value.as_str() == text);
                        found.ok_or_else(|| serde::de::Error::custom("not listed"))
                    }
                }
            };
        }
        macro_rules! union {
            ($name:ident) => {
                const _: fn(&$name) -> Box<dyn Send + Sync> = |value| Box::new(value.clone());
            };
        }
        pub(crate) use {choice, union};
    }
}

/// The generated code.
#[expect(unused_qualifications, reason = "this test depends on serde, the generated crate doesn't")]
pub mod fixtures {
    // Not a module file, which rustfmt would lay out anew.
    include!("union/fixtures.rs");
}

fn round_trip<T: Serialize + DeserializeOwned>(value: &Value) -> Result<Value, serde_json::Error> {
    serde_json::from_value::<T>(value.clone()).and_then(serde_json::to_value)
}

fn keeps<T: Serialize + DeserializeOwned>(values: Value) {
    for value in values.as_array().expect("a list") {
        assert_eq!(round_trip::<T>(value).map_err(|error| error.to_string()), Ok(value.clone()));
    }
}

fn refuses<T: Serialize + DeserializeOwned>(values: Value) {
    for value in values.as_array().expect("a list") {
        assert!(round_trip::<T>(value).is_err(), "{value}");
    }
}

fn reads<T: DeserializeOwned + PartialEq + Debug>(value: Value, expected: &T) {
    assert_eq!(&serde_json::from_value::<T>(value).expect("a valid value"), expected);
}

#[test]
fn valid_values_are_written_back_the_same() {
    keeps::<fixtures::Strength>(json!([
        "auto",
        "16:9",
        "else",
        "",
        1,
        -1,
        1.5,
        3.0,
        9007199254740993_i64,
        [],
        [1.5, null]
    ]));
    keeps::<fixtures::Camera>(json!(["still", {"pan": 0.5, "tilt": null}, {"pan": 0.5, "tilt": 0.5}]));
    keeps::<fixtures::Source>(json!([{"kind": "none"}, {"kind": "url", "url": "u"}, {"kind": "noise"}]));
    keeps::<fixtures::Size>(
        json!([{"width": 1}, {"width": 1, "height": 2}, {"scale": 0.5, "more": 1}, [1, 2], [], "u"]),
    );
    keeps::<fixtures::Base>(json!([{"a": "x"}, {"a": "x", "b": true, "c": [null]}]));
}

#[test]
fn null_and_absence_stay_apart() {
    keeps::<fixtures::Camera>(
        json!([{"pan": 0.5, "tilt": null, "zoom": null}, {"pan": 0.5, "tilt": null, "type": null}]),
    );
    keeps::<fixtures::Source>(json!([{"kind": "noise", "seed": null}, {"kind": "noise", "seed": 1}]));
    refuses::<fixtures::Camera>(json!([{"pan": 0.5}]));
}

#[test]
fn empty_lists_and_absent_ones_stay_apart() {
    keeps::<fixtures::Camera>(json!([{"pan": 0.5, "tilt": null, "marks": []}]));
    keeps::<fixtures::Source>(json!([{"kind": "noise", "size": []}]));
}

#[test]
fn unknown_keys_and_values_are_refused() {
    refuses::<fixtures::Strength>(json!([true, null, {}, ["x"]]));
    refuses::<fixtures::Camera>(json!(["moving", {"pan": 1.0, "tilt": null, "roll": 1}, {"still": null}]));
    refuses::<fixtures::Source>(json!([{"kind": "none", "url": "u"}, {"kind": "else"}, {"url": "u"}, {"kind": "url"}]));
    refuses::<fixtures::Size>(json!([{"width": 1, "depth": 2}, {"height": 1}, {"scale": 1.5, "more": "x"}]));
}

#[test]
fn the_strictest_form_is_read() {
    use fixtures::{Size, Strength, StrengthPreset};
    reads(json!(3), &Strength::Integer(3));
    reads(json!(3.0), &Strength::Number(3.0));
    reads(json!("16:9"), &Strength::Preset(StrengthPreset::P16x9));
    reads(json!("else"), &Strength::from("else"));
    reads(json!("u"), &Size::from(ImageInput("u".to_owned())));
    assert!(matches!(serde_json::from_value(json!({"width": 1, "height": 2})), Ok(Size::Height(_))));
}

#[test]
fn tagged_forms_are_built_in_place() {
    let url = fixtures::Source::Url { url: ImageInput("u".to_owned()) };
    assert_eq!(serde_json::to_value(url).ok(), Some(json!({"kind": "url", "url": "u"})));
    assert_eq!(serde_json::to_value(fixtures::Source::None {}).ok(), Some(json!({"kind": "none"})));
}
