//! The nested types of the model, and its output.

use runcomfy_client::{ImageInput, UnknownValue, rt};

#[derive(Clone)]
#[non_exhaustive]
pub struct Camera {
    pub zoom: f64,
    pub label: Option<String>,
    pub extra: rt::Extra,
}

impl Camera {
    pub fn new(zoom: f64) -> Self {
        Self { zoom, label: None, extra: rt::Extra::new() }
    }
}

impl rt::Object for Camera {
    #[inline]
    fn table(&self) -> &'static rt::Table {
        &CAMERA
    }

    #[inline]
    fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
        use rt::AsValue as _;
        see(&[self.zoom.as_value(), self.label.as_value()]);
    }

    #[inline]
    fn extra(&self) -> Option<&rt::Extra> {
        Some(&self.extra)
    }
}

impl rt::ReadObject for Camera {
    #[inline]
    fn read(r: &mut rt::Reader<'_>) -> Option<Self> {
        Some(Self { zoom: r.get(0), label: r.get(1), extra: r.extra() })
    }
}

rt::object!(Camera, CAMERA);

pub(super) static CAMERA: rt::Table = rt::Table {
    fields: &[
        rt::Field {
            name: "zoom",
            key: "z/m",
            required: true,
            rules: &[rt::Rule::Type(rt::Types::NUMBER), rt::Rule::ExclusiveMinimum(rt::Number::Int(0))],
            ..rt::Field::BLANK
        },
        rt::Field { name: "label", key: "label", rules: &[rt::Rule::Type(rt::Types::STRING)], ..rt::Field::BLANK },
    ],
    ..rt::Table::BLANK
};

/// Has no room for `extra`, and a required object.
#[derive(Clone)]
#[non_exhaustive]
pub struct Keyframe {
    pub image: ImageInput,
    pub camera: Camera,
}

impl Keyframe {
    pub fn new(image: ImageInput, camera: Camera) -> Self {
        Self { image, camera }
    }
}

impl rt::Object for Keyframe {
    #[inline]
    fn table(&self) -> &'static rt::Table {
        &KEYFRAME
    }

    #[inline]
    fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
        use rt::AsValue as _;
        see(&[self.image.as_value(), self.camera.as_value()]);
    }
}

impl rt::ReadObject for Keyframe {
    #[inline]
    fn read(r: &mut rt::Reader<'_>) -> Option<Self> {
        let camera = r.try_get(1);
        Some(Self { image: r.get(0), camera: camera? })
    }
}

rt::object!(Keyframe, KEYFRAME);

pub(super) static KEYFRAME: rt::Table = rt::Table {
    fields: &[
        rt::Field {
            name: "image",
            key: "image",
            required: true,
            rules: &[rt::Rule::Type(rt::Types::STRING), rt::Rule::Media(rt::MediaKind::Image)],
            ..rt::Field::BLANK
        },
        rt::Field {
            name: "camera",
            key: "camera",
            required: true,
            rules: &[rt::Rule::Type(rt::Types::OBJECT), rt::Rule::Properties(rt::TableRef::Static(&CAMERA))],
            ..rt::Field::BLANK
        },
    ],
    ..rt::Table::BLANK
};

#[derive(Clone, Debug, PartialEq)]
pub enum Strength {
    Number(f64),
    Preset(String),
}

impl rt::AsValue for Strength {
    fn as_value(&self) -> rt::Value<'_> {
        match self {
            Self::Number(form) => form.as_value(),
            Self::Preset(form) => form.as_value(),
        }
    }
}

impl rt::Union for Strength {
    const FORMS: &'static [rt::Form<Self>] = &[
        rt::Form {
            types: rt::Types::NUMBER,
            tag: "",
            read: |node, place| Some(Self::Number(rt::FromValue::from_node(node, place)?)),
        },
        rt::Form {
            types: rt::Types::STRING,
            tag: "",
            read: |node, place| Some(Self::Preset(rt::FromValue::from_node(node, place)?)),
        },
    ];
}

rt::union!(Strength);

#[derive(Clone)]
#[non_exhaustive]
pub struct Output {
    pub state: Option<State>,
    pub image: Option<String>,
    pub extra: rt::Extra,
}

impl rt::Object for Output {
    #[inline]
    fn table(&self) -> &'static rt::Table {
        &OUTPUT
    }

    #[inline]
    fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
        use rt::AsValue as _;
        see(&[self.state.as_value(), self.image.as_value()]);
    }

    #[inline]
    fn extra(&self) -> Option<&rt::Extra> {
        Some(&self.extra)
    }
}

impl rt::ReadObject for Output {
    #[inline]
    fn read(r: &mut rt::Reader<'_>) -> Option<Self> {
        Some(Self { state: r.get(0), image: r.get(1), extra: r.extra() })
    }
}

rt::object!(Output, OUTPUT);

static OUTPUT: rt::Table = rt::Table {
    fields: &[
        rt::Field { name: "state", key: "st", rules: &[rt::Rule::Type(rt::Types::STRING)], ..rt::Field::BLANK },
        rt::Field { name: "image", key: "image", rules: &[rt::Rule::Type(rt::Types::STRING)], ..rt::Field::BLANK },
    ],
    open: true,
    ..rt::Table::BLANK
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    Done,
    Failed,
    Unknown(UnknownValue),
}

impl State {
    pub const ALL: &'static [Self] = &[Self::Done, Self::Failed];

    #[inline]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

rt::open_choice!(State);
