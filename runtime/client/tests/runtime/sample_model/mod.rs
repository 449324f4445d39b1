//! A model in the form in which the generator writes them, with a field of every shape.

mod parts;

use std::collections::BTreeMap;

use runcomfy_client::{ImageInput, Json, Model, rt};

use parts::{CAMERA, KEYFRAME};
pub use parts::{Camera, Keyframe, Output, State, Strength};

#[derive(Clone)]
#[non_exhaustive]
pub struct Input {
    pub prompt: String,
    pub image: ImageInput,
    pub resolution: Option<Resolution>,
    pub number_of_frames: Option<i64>,
    pub seed: Option<u64>,
    pub guidance_scale: Option<f64>,
    pub negative: Option<Option<String>>,
    pub camera: Option<Camera>,
    pub keyframes: Option<Vec<Keyframe>>,
    pub color: Option<(i64, i64, i64)>,
    pub weights: Option<BTreeMap<String, f64>>,
    pub anything: Option<Json>,
    pub strength: Strength,
    pub extra: rt::Extra,
}

impl Input {
    pub fn new(prompt: impl Into<String>, image: ImageInput, strength: Strength) -> Self {
        Self {
            prompt: prompt.into(),
            image,
            resolution: None,
            number_of_frames: None,
            seed: None,
            guidance_scale: None,
            negative: None,
            camera: None,
            keyframes: None,
            color: None,
            weights: None,
            anything: None,
            strength,
            extra: rt::Extra::new(),
        }
    }
}

impl rt::Object for Input {
    #[inline]
    fn table(&self) -> &'static rt::Table {
        &INPUT
    }

    #[inline]
    fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
        use rt::AsValue as _;
        see(&[
            self.prompt.as_value(),
            self.image.as_value(),
            self.resolution.as_value(),
            self.number_of_frames.as_value(),
            self.seed.as_value(),
            self.guidance_scale.as_value(),
            self.negative.as_value(),
            self.camera.as_value(),
            self.keyframes.as_value(),
            self.color.as_value(),
            self.weights.as_value(),
            self.anything.as_value(),
            self.strength.as_value(),
        ]);
    }

    #[inline]
    fn extra(&self) -> Option<&rt::Extra> {
        Some(&self.extra)
    }
}

impl rt::ReadObject for Input {
    #[inline]
    fn read(r: &mut rt::Reader<'_>) -> Option<Self> {
        let strength = r.try_get(12);
        Some(Self {
            prompt: r.get(0),
            image: r.get(1),
            resolution: r.get(2),
            number_of_frames: r.get(3),
            seed: r.get(4),
            guidance_scale: r.get(5),
            negative: r.get(6),
            camera: r.get(7),
            keyframes: r.get(8),
            color: r.get(9),
            weights: r.get(10),
            anything: r.get(11),
            extra: r.extra(),
            strength: strength?,
        })
    }
}

rt::object!(Input, INPUT);

impl Model for Input {
    const ID: &'static str = "community/wan-2-2/vace-fun";
    const SCHEMA: &'static rt::Table = &INPUT;
    type Output = Output;
}

static INPUT: rt::Table = rt::Table {
    fields: &[
        rt::Field {
            name: "prompt",
            key: "56_text",
            title: "Prompt",
            required: true,
            default: Some("\"A lone figure\""),
            rules: &[rt::Rule::Type(rt::Types::STRING), rt::Rule::MinLength(1), rt::Rule::MaxLength(20)],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "image",
            key: "118_image",
            required: true,
            rules: &[rt::Rule::Type(rt::Types::STRING), rt::Rule::Media(rt::MediaKind::Image)],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "resolution",
            key: "4_valuex3_value",
            aliases: &["size"],
            rules: &[
                rt::Rule::Type(rt::Types::STRING),
                rt::Rule::Values(&[rt::Const::Str("480x480 (1:1)"), rt::Const::Str("720x720 (1:1)")]),
            ],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "number_of_frames",
            key: "25_value",
            default: Some("81"),
            rules: &[rt::Rule::Type(rt::Types::INTEGER), rt::Rule::Values(&[rt::Const::Int(81), rt::Const::Int(141)])],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "seed",
            key: "98_seed",
            rules: &[rt::Rule::Type(rt::Types::INTEGER), rt::Rule::Maximum(rt::Number::UInt(u64::MAX - 1))],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "guidance_scale",
            key: "108_cfg",
            rules: &[
                rt::Rule::Type(rt::Types::NUMBER),
                rt::Rule::Minimum(rt::Number::Int(0)),
                rt::Rule::Maximum(rt::Number::Int(10)),
                rt::Rule::MultipleOf(rt::Number::Float(0.1)),
            ],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "negative",
            key: "57_text",
            rules: &[rt::Rule::Type(rt::Types::STRING.or(rt::Types::NULL))],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "camera",
            key: "camera",
            rules: &[rt::Rule::Type(rt::Types::OBJECT), rt::Rule::Properties(rt::TableRef::Static(&CAMERA))],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "keyframes",
            key: "keyframes",
            rules: &[
                rt::Rule::Type(rt::Types::ARRAY),
                rt::Rule::Items(&[
                    rt::Rule::Type(rt::Types::OBJECT),
                    rt::Rule::Properties(rt::TableRef::Static(&KEYFRAME)),
                ]),
                rt::Rule::MinItems(1),
                rt::Rule::UniqueItems,
            ],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "color",
            key: "color",
            rules: &[
                rt::Rule::Type(rt::Types::ARRAY),
                rt::Rule::PrefixItems(&[CHANNEL, CHANNEL, CHANNEL]),
                rt::Rule::Items(&[rt::Rule::Never]),
            ],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "weights",
            key: "weights",
            rules: &[
                rt::Rule::Type(rt::Types::OBJECT),
                rt::Rule::AdditionalProperties(&[rt::Rule::Type(rt::Types::NUMBER)]),
                rt::Rule::MaxProperties(2),
            ],
            ..rt::Field::BLANK
        },
        rt::Field { name: "anything", key: "anything", ..rt::Field::BLANK },
        rt::Field {
            name: "strength",
            key: "strength",
            required: true,
            rules: &[rt::Rule::AnyOf(&[
                &[rt::Rule::Type(rt::Types::NUMBER), rt::Rule::Maximum(rt::Number::Int(1))],
                &[rt::Rule::Type(rt::Types::STRING), rt::Rule::Values(&[rt::Const::Str("auto")])],
            ])],
            ..rt::Field::BLANK
        },
    ],
    ..rt::Table::BLANK
};

const CHANNEL: &[rt::Rule] = &[
    rt::Rule::Type(rt::Types::INTEGER),
    rt::Rule::Minimum(rt::Number::Int(0)),
    rt::Rule::Maximum(rt::Number::Int(255)),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resolution {
    R480x480,
    R720x720,
}

impl Resolution {
    pub const ALL: &'static [Self] = &[Self::R480x480, Self::R720x720];

    #[inline]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R480x480 => "480x480 (1:1)",
            Self::R720x720 => "720x720 (1:1)",
        }
    }
}

rt::choice!(Resolution);

/// An input with every field set, and valid.
pub fn full() -> Input {
    let mut input = Input::new("A lone figure", sample(), Strength::Number(0.5));
    input.resolution = Some(Resolution::R720x720);
    input.number_of_frames = Some(141);
    input.seed = Some(1 << 63);
    input.guidance_scale = Some(0.3);
    input.negative = Some(None);
    input.camera = Some(Camera::new(1.5));
    input.keyframes = Some(vec![Keyframe::new(sample(), Camera::new(2.0)), Keyframe::new(sample(), Camera::new(3.0))]);
    input.color = Some((0, 128, 255));
    input.weights = Some(BTreeMap::from([("a".to_owned(), 1.0), ("b".to_owned(), 0.25)]));
    input.anything = Some(serde_json::json!({"free": [1, null]}));
    input.extra.insert("new_key".to_owned(), true.into());
    input
}

pub fn sample() -> ImageInput {
    ImageInput::sample("Runcomfy_Example_1290_1.png")
}
