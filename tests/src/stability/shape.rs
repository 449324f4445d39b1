//! What values a field takes, with a known identity for every field and form in them, at any depth. In: a random source.
//! Out: a [`Shape`] and its published schema. Must not know what becomes of it.

use std::collections::BTreeSet;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{INPUTS, Key, Spec, TrueField, random_title};

/// The values of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A schema without keys of its own.
    Plain(Value),
    /// An object.
    Object(Vec<TrueField>),
    /// A list.
    List(Box<Shape>),
    /// An object with free keys.
    Map(Box<Shape>),
    /// One of several forms.
    Union(TrueUnion),
}

/// A union.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueUnion {
    /// Its forms in published order.
    pub forms: Vec<TrueForm>,
    /// The key whose value tells the forms apart, if there is one.
    pub tag: Option<Key>,
    /// Whether it may be null.
    pub nulls: bool,
    /// `anyOf` or `oneOf`.
    pub spelling: &'static str,
}

/// A form whose identity is known.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueForm {
    /// What it is, whatever it is published as.
    pub uid: usize,
    /// What it holds.
    pub shape: Shape,
}

impl TrueUnion {
    /// The fields of all its objects.
    #[must_use]
    pub fn fields(&self) -> Vec<&TrueField> {
        self.forms.iter().flat_map(TrueForm::fields).collect()
    }
}

impl TrueForm {
    /// Its fields, if it is an object.
    #[must_use]
    pub fn fields(&self) -> &[TrueField] {
        if let Shape::Object(fields) = &self.shape { fields } else { &[] }
    }

    /// The value of its union's tag.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("mode {}", self.uid)
    }
}

/// Calls `see` for every key of these fields and of all within them.
pub fn each_key(fields: &mut [TrueField], see: &mut dyn FnMut(&mut Key)) {
    for field in fields {
        see(&mut field.key);
        keys_within(&mut field.shape, see);
    }
}

fn keys_within(shape: &mut Shape, see: &mut dyn FnMut(&mut Key)) {
    match shape {
        Shape::Plain(_) => {}
        Shape::Object(fields) => each_key(fields, see),
        Shape::List(inner) | Shape::Map(inner) => keys_within(inner, see),
        Shape::Union(union) => {
            union.tag.iter_mut().for_each(&mut *see);
            union.forms.iter_mut().for_each(|form| keys_within(&mut form.shape, see));
        }
    }
}

/// Calls `see` for each of these fields and for all within them.
pub fn each_field(fields: &mut [TrueField], see: &mut dyn FnMut(&mut TrueField)) {
    for field in fields {
        see(field);
        field.shape.each_field(see);
    }
}

impl Shape {
    fn each_field(&mut self, see: &mut dyn FnMut(&mut TrueField)) {
        match self {
            Self::Plain(_) => {}
            Self::Object(fields) => each_field(fields, see),
            Self::List(inner) | Self::Map(inner) => inner.each_field(see),
            Self::Union(union) => union.forms.iter_mut().for_each(|form| form.shape.each_field(see)),
        }
    }

    /// Calls `see` for the shape and for all within it.
    pub fn each(&mut self, see: &mut dyn FnMut(&mut Shape)) {
        see(self);
        match self {
            Self::Plain(_) => {}
            Self::Object(fields) => fields.iter_mut().for_each(|field| field.shape.each(see)),
            Self::List(inner) | Self::Map(inner) => inner.each(see),
            Self::Union(union) => union.forms.iter_mut().for_each(|form| form.shape.each(see)),
        }
    }

    /// Whether it is a union, or holds one.
    #[must_use]
    pub fn has_union(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Object(fields) => fields.iter().any(|field| field.shape.has_union()),
            Self::List(inner) | Self::Map(inner) => inner.has_union(),
            Self::Union(_) => true,
        }
    }

    /// The schema as published.
    #[must_use]
    pub fn schema(&self) -> Value {
        match self {
            Self::Plain(schema) => schema.clone(),
            Self::Object(fields) => object_schema(fields),
            Self::List(items) => json!({"type": "array", "items": items.schema()}),
            Self::Map(values) => json!({"type": "object", "additionalProperties": values.schema()}),
            Self::Union(union) => {
                let forms = union.forms.iter().map(|form| {
                    let mut schema = form.shape.schema();
                    if let Some(tag) = &union.tag {
                        schema["properties"][tag.text()] = json!({"const": form.tag()});
                        schema["required"].as_array_mut().expect("a list").push(tag.text().into());
                    }
                    schema
                });
                let null = union.nulls.then(|| json!({"type": "null"}));
                json!({ union.spelling: forms.chain(null).collect::<Vec<_>>() })
            }
        }
    }
}

/// The schema of an object with these fields.
#[must_use]
pub fn object_schema(fields: &[TrueField]) -> Value {
    let mut properties = Map::new();
    for field in fields {
        let mut schema = field.shape.schema();
        schema["title"] = field.title.clone().into();
        properties.insert(field.key.text(), schema);
    }
    let mut required: Vec<&TrueField> = fields.iter().filter(|field| field.required.is_some()).collect();
    required.sort_by_key(|field| field.required);
    let required: Vec<String> = required.iter().map(|field| field.key.text()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// Makes shapes with node ids, titles and identities that the model does not have yet.
pub struct Maker {
    nodes: BTreeSet<u32>,
    titles: BTreeSet<String>,
    uid: usize,
}

/// How deep objects and unions nest.
const DEEPEST: usize = 2;

impl Maker {
    /// For a model; identities are counted from `uid`.
    #[must_use]
    pub fn of(spec: &Spec, uid: usize) -> Self {
        Self { nodes: spec.nodes(), titles: spec.titles(), uid }
    }

    /// Takes what a field has already from what is free.
    #[must_use]
    pub fn without(mut self, key: &Key, title: &str) -> Self {
        self.nodes.extend(key.nodes());
        self.titles.insert(title.to_owned());
        self
    }

    /// Takes the node ids of a key from what is free.
    pub fn avoid(&mut self, key: &Key) {
        self.nodes.extend(key.nodes());
    }

    fn next(&mut self) -> usize {
        self.uid += 1;
        self.uid
    }

    /// A shape of any kind; `uid` makes it unlike those of other fields, most of the time.
    pub fn shape(&mut self, rng: &mut Rng, uid: usize) -> Shape {
        self.deep_shape(rng, uid, 0)
    }

    fn deep_shape(&mut self, rng: &mut Rng, uid: usize, depth: usize) -> Shape {
        match rng.u8(0..20) {
            0 if depth < DEEPEST => self.object(rng, depth),
            1 if depth < DEEPEST => Shape::List(Box::new(self.object(rng, depth))),
            2 if depth < DEEPEST => Shape::Union(self.union(rng, depth)),
            3 if depth < DEEPEST => Shape::List(Box::new(Shape::Union(self.union(rng, depth)))),
            4 if depth < DEEPEST => Shape::Map(Box::new(Shape::Union(self.union(rng, depth)))),
            kind => Shape::Plain(plain(rng, kind, uid)),
        }
    }

    fn object(&mut self, rng: &mut Rng, depth: usize) -> Shape {
        let count = rng.usize(1..4);
        Shape::Object((0..count).map(|_| self.field(rng, depth)).collect())
    }

    /// A field of an object.
    pub fn field(&mut self, rng: &mut Rng, depth: usize) -> TrueField {
        let uid = self.next();
        let key = match rng.u8(0..4) {
            0 => Key::Plain(format!("part_{uid}")),
            _ => self.key(rng),
        };
        let title = self.title(rng);
        let shape = self.deep_shape(rng, uid, depth + 1);
        TrueField { uid, key, title, shape, required: rng.bool().then(|| rng.u32(..)) }
    }

    fn key(&mut self, rng: &mut Rng) -> Key {
        loop {
            let node = rng.u32(1..400);
            if self.nodes.insert(node) {
                return Key::Node(vec![(node, INPUTS[rng.usize(0..INPUTS.len())])]);
            }
        }
    }

    fn title(&mut self, rng: &mut Rng) -> String {
        loop {
            let title = random_title(rng);
            if self.titles.insert(title.clone()) {
                return title;
            }
        }
    }

    /// A union: of objects that a tag tells apart, or of objects and other values.
    pub fn union(&mut self, rng: &mut Rng, depth: usize) -> TrueUnion {
        let is_tagged = rng.u8(0..3) == 0;
        let shared: Vec<TrueField> = (0..rng.usize(0..2)).map(|_| self.field(rng, depth + 1)).collect();
        let mut forms: Vec<TrueForm> = (0..rng.usize(1..4)).map(|_| self.form(rng, depth, &shared)).collect();
        if is_tagged && forms.len() < 2 {
            forms.push(self.form(rng, depth, &shared));
        }
        if !is_tagged {
            let mut kinds: Vec<u8> = (0..6).collect();
            rng.shuffle(&mut kinds);
            let count = rng.usize(usize::from(forms.len() < 2)..4);
            for kind in &kinds[..count] {
                let uid = self.next();
                forms.push(TrueForm { uid, shape: Shape::Plain(other_form(*kind, uid)) });
            }
        }
        if rng.u8(0..4) == 0 {
            share_a_title(&mut forms);
        }
        rng.shuffle(&mut forms);
        let tag = is_tagged.then(|| match rng.bool() {
            true => Key::Plain("kind".to_owned()),
            false => self.key(rng),
        });
        TrueUnion { forms, tag, nulls: rng.u8(0..4) == 0, spelling: ["anyOf", "oneOf"][rng.usize(0..2)] }
    }

    /// A form with keys of its own and those that all forms share.
    pub fn form(&mut self, rng: &mut Rng, depth: usize, shared: &[TrueField]) -> TrueForm {
        let uid = self.next();
        let mut fields: Vec<TrueField> = (0..rng.usize(1..3)).map(|_| self.field(rng, depth)).collect();
        fields.extend(shared.iter().cloned());
        rng.shuffle(&mut fields);
        TrueForm { uid, shape: Shape::Object(fields) }
    }
}

/// Gives a field of another form, and of another input, the title of one of the first.
fn share_a_title(forms: &mut [TrueForm]) {
    let Some((TrueForm { shape: Shape::Object(first), .. }, others)) = forms.split_first_mut() else { return };
    let own: Vec<&TrueField> = first.iter().filter(|field| !field.key.inputs().is_empty()).collect();
    for other in others {
        let Shape::Object(fields) = &mut other.shape else { continue };
        if fields.iter().any(|field| own.iter().any(|first| first.uid == field.uid)) {
            continue;
        }
        let fits = |field: &&mut TrueField, first: &TrueField| {
            !field.key.inputs().is_empty() && field.key.inputs() != first.key.inputs()
        };
        for first in &own {
            if let Some(field) = fields.iter_mut().find(|field| fits(field, first)) {
                field.title.clone_from(&first.title);
                return;
            }
        }
    }
}

/// A form that is no object; those of one kind are one form.
fn other_form(kind: u8, uid: usize) -> Value {
    match kind {
        0 => json!({"type": "integer", "maximum": uid}),
        1 => json!({"type": "string", "enum": ["auto", format!("{uid}p"), "a b", "a-b"]}),
        2 => json!({"type": "array", "items": {"type": "string"}, "maxItems": uid}),
        3 => json!({"type": "array", "items": {"type": "integer"}, "maxItems": uid}),
        4 => json!({"type": "array", "items": {"type": "object", "properties": {"depth": {"type": "integer"}}}}),
        _ => json!({"type": "boolean"}),
    }
}

/// Listed texts, by themselves or within other values.
fn listed(uid: usize, values: &[&str], most: usize) -> Value {
    let texts = json!({"type": "string", "enum": values});
    match uid % 6 {
        0 => json!({"type": "object", "additionalProperties": texts, "maxProperties": most}),
        1 => {
            json!({"type": "object", "additionalProperties": {"type": "array", "items": texts}, "maxProperties": most})
        }
        2 => {
            let other = json!({"type": "string", "enum": ["left", "right", format!("at {most}")]});
            json!({"type": "array", "prefixItems": [texts, other], "minItems": 2, "maxItems": 2})
        }
        _ => texts,
    }
}

fn plain(rng: &mut Rng, kind: u8, uid: usize) -> Value {
    let (low, high) = (rng.u32(0..4), 10 + uid);
    let by_size = json!({"type": "object", "properties": {"width": {"type": "integer"}, "height": {"maximum": high}},
        "required": ["width", "height"], "title": "By size"});
    match kind {
        0 | 5 => json!({"type": "integer", "minimum": low, "maximum": high}),
        1 => json!({"type": "number", "maximum": high, "default": 1.5}),
        2 => json!({"type": "boolean", "default": uid.is_multiple_of(2)}),
        3 | 6 => json!({"type": "string", "maxLength": high}),
        4 | 7 => listed(uid, &["auto", &format!("{high}p"), "16:9", "a b"], high),
        8 => json!({"type": "string", "format": "image_uri"}),
        9 => json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": high}),
        10 => json!({"type": "integer", "enum": [1, 2, high]}),
        11 => json!({"anyOf": [{"type": "number", "maximum": high}, {"type": "null"}]}),
        12 => json!({"anyOf": [{"type": "integer", "maximum": high}, {"type": "string", "enum": ["auto", "full"]}]}),
        13 => json!({"oneOf": [by_size, {"type": "string", "maxLength": high}, {"type": "boolean"}]}),
        14 => json!({"anyOf": [{"type": "integer", "maximum": high}, {"type": "string"}]}),
        15 => json!({"type": ["string", "integer", "null"], "maxLength": high, "maximum": low}),
        16 => json!({"type": "array", "items": {"anyOf": [{"type": "number", "minimum": low}, {"enum": ["auto", 7]}]}}),
        17 => json!({"allOf": [{"type": "integer"}, {"minimum": low, "maximum": high}]}),
        // Definitions that several fields share.
        _ => json!({"type": "integer"}),
    }
}
