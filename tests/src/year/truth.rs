//! What is true of a model: every field by what it is, at any depth; what a change leaves no doubt about, and what it means.
//! Must not know locks or names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::stability::shape::{Shape, TrueUnion};
use crate::stability::{Key, Spec, TrueField};

/// What can be looked for by what it is: `/7/form 12/13`.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// The fields.
    pub fields: BTreeMap<String, TrueField>,
    /// The keys that tell each form of a union apart: those of its fields, or the value of its tag.
    pub forms: BTreeMap<String, Vec<String>>,
    /// The keys of tags.
    pub tags: BTreeMap<String, Key>,
}

impl Truth {
    /// Everything in a model.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let mut truth = Self::default();
        truth.walk("", &spec.fields);
        truth
    }

    fn walk(&mut self, at: &str, fields: &[TrueField]) {
        for field in fields {
            let at = format!("{at}/{}", field.uid);
            self.fields.insert(at.clone(), field.clone());
            self.shape(&at, &field.shape);
        }
    }

    fn shape(&mut self, at: &str, shape: &Shape) {
        match shape {
            Shape::Plain(_) => {}
            Shape::List(items) => self.shape(&format!("{at}/items"), items),
            Shape::Map(values) => self.shape(&format!("{at}/values"), values),
            Shape::Object(fields) => self.walk(at, fields),
            Shape::Union(union) => {
                for form in &union.forms {
                    let at = format!("{at}/form {}", form.uid);
                    let mut keys: Vec<String> = form.fields().iter().map(|field| field.key.text()).collect();
                    if let Some(tag) = &union.tag {
                        keys.push(form.tag());
                        self.tags.insert(at.clone(), tag.clone());
                    }
                    self.forms.insert(at.clone(), keys);
                    self.shape(&at, &form.shape);
                }
            }
        }
    }

    /// The fields of the object at a place.
    #[must_use]
    pub fn group(&self, owner: &str) -> Vec<&TrueField> {
        self.fields.iter().filter(|(at, _)| parent(at) == owner).map(|(_, field)| field).collect()
    }

    /// The keys of everything that has one.
    #[must_use]
    pub fn keys(&self) -> BTreeMap<&str, String> {
        let fields = self.fields.iter().map(|(at, field)| (at.as_str(), field.key.text()));
        fields.chain(self.tags.iter().map(|(at, tag)| (at.as_str(), tag.text()))).collect()
    }
}

/// The place of what something is part of.
#[must_use]
pub fn parent(at: &str) -> &str {
    at.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Whether a change of the fields of one object leaves no doubt which is which, so that nobody has to be asked: each keeps
/// two of key, unique title and definition, and takes over nothing that another had. `gone` are those that it had before.
#[must_use]
pub fn is_certain(old: &[&TrueField], new: &[&TrueField], gone: &[&TrueField]) -> bool {
    let nodes = |fields: &[&TrueField]| -> Vec<TrueField> {
        fields.iter().filter(|field| !field.key.nodes().is_empty()).map(|field| (*field).clone()).collect()
    };
    let (old, new, gone) = (nodes(old), nodes(new), nodes(gone));
    let once = |fields: &[TrueField], title: &str| fields.iter().filter(|field| field.title == title).count() == 1;
    let titled = |o: &TrueField, n: &TrueField| o.title == n.title && once(&old, &o.title) && once(&new, &n.title);
    let is_in = |fields: &[TrueField], uid: usize| fields.iter().any(|field| field.uid == uid);
    let pairs: Vec<(&TrueField, &TrueField)> =
        old.iter().filter_map(|o| Some((o, new.iter().find(|n| n.uid == o.uid)?))).collect();
    let left: Vec<&TrueField> = old.iter().filter(|o| !is_in(&new, o.uid)).collect();
    let came: Vec<&TrueField> = new.iter().filter(|n| !is_in(&old, n.uid)).collect();

    let is_kept = |(o, n): &(&TrueField, &TrueField)| match definition(&o.shape) == definition(&n.shape) {
        true => o.key == n.key || titled(o, n),
        false => {
            let took = |field: &TrueField| definition(&field.shape) == definition(&n.shape);
            o.key == n.key && titled(o, n) && !old.iter().any(took)
        }
    };
    let passed_on = |(o, _): &(&TrueField, &TrueField)| {
        let is_other = |n: &&TrueField| n.uid != o.uid && (n.key == o.key || n.title == o.title);
        new.iter().any(|n| is_other(&n))
    };
    let is_like = |one: &TrueField, other: &TrueField| {
        one.key.inputs() == other.key.inputs() && kind(&one.shape) == kind(&other.shape)
    };
    let is_loose = |(o, n): &(&TrueField, &TrueField)| !titled(o, n);
    let is_doubled = |one: &&TrueField, others: &[&TrueField]| {
        others.iter().any(|other| is_like(one, other))
            || pairs.iter().filter(|pair| is_loose(pair)).any(|(o, n)| is_like(o, one) || is_like(n, one))
    };
    let is_reused = |one: &&TrueField, side: &[TrueField]| {
        side.iter().any(|other| other.uid != one.uid && (other.key == one.key || other.title == one.title))
    };
    let comes_back = |one: &&TrueField| {
        let alike: Vec<&TrueField> = gone.iter().filter(|old| old.title == one.title || old.key == one.key).collect();
        match alike.as_slice() {
            [] => true,
            [only] => {
                only.uid == one.uid && definition(&only.shape) == definition(&one.shape) && only.title == one.title
            }
            _ => false,
        }
    };
    pairs.iter().all(is_kept)
        && !pairs.iter().any(passed_on)
        && !left.iter().any(|one| is_doubled(one, &came) || is_reused(one, &new))
        && !came.iter().any(|one| is_doubled(one, &left) || is_reused(one, &old) || !comes_back(one))
}

/// What tells a field from others besides key and title: what stands within objects and unions does not count, and neither
/// does an order.
fn definition(shape: &Shape) -> Value {
    match shape {
        Shape::Plain(schema) => sorted(schema),
        Shape::List(inner) | Shape::Map(inner) => json!([kind(shape), definition(inner)]),
        Shape::Object(_) | Shape::Union(_) => meaning(shape),
    }
}

/// The type in words.
fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Plain(schema) => match (&schema["type"], schema["format"].as_str()) {
            (_, Some(format)) => format.to_owned(),
            (Value::String(kind), _) => kind.clone(),
            _ => "union".to_owned(),
        },
        Shape::Object(_) => "object".to_owned(),
        Shape::Union(_) => "union".to_owned(),
        Shape::List(inner) => format!("list of {}", kind(inner)),
        Shape::Map(inner) => format!("map of {}", kind(inner)),
    }
}

/// What is valid at a place, said of what fields are and not of what they are called.
#[must_use]
pub fn meaning(shape: &Shape) -> Value {
    match shape {
        Shape::Plain(schema) => sorted(schema),
        Shape::Object(fields) => fields_mean(fields),
        Shape::List(inner) => json!({"list": meaning(inner)}),
        Shape::Map(inner) => json!({"map": meaning(inner)}),
        Shape::Union(TrueUnion { forms, tag, nulls, spelling }) => {
            let forms: BTreeMap<usize, Value> = forms.iter().map(|form| (form.uid, meaning(&form.shape))).collect();
            json!({"forms": forms, "tag": tag.is_some(), "nulls": nulls, "spelling": spelling})
        }
    }
}

/// The same of the fields of an object.
#[must_use]
pub fn fields_mean(fields: &[TrueField]) -> Value {
    let one = |field: &TrueField| (field.uid, json!([field.required.is_some(), meaning(&field.shape)]));
    json!(fields.iter().map(one).collect::<BTreeMap<usize, Value>>())
}

/// A schema with everything sorted whose order says nothing.
fn sorted(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let keywords: BTreeMap<&String, Value> =
                keywords.iter().map(|(keyword, value)| (keyword, sorted(value))).collect();
            keywords.into_iter().map(|(keyword, value)| (keyword.clone(), value)).collect::<Map<_, _>>().into()
        }
        Value::Array(values) => {
            let mut values: Vec<Value> = values.iter().map(sorted).collect();
            values.sort_by_cached_key(Value::to_string);
            values.into()
        }
        other => other.clone(),
    }
}

/// A value of the old model as the new one has it: each value at the key that its field has now, and none that is gone.
#[must_use]
pub fn carried(value: &Value, old: &[TrueField], new: &[TrueField]) -> Value {
    let Value::Object(values) = value else { return value.clone() };
    let mut carried = Map::new();
    for (key, value) in values {
        let Some(field) = old.iter().find(|field| field.key.text() == *key) else { continue };
        let Some(now) = new.iter().find(|now| now.uid == field.uid) else { continue };
        carried.insert(now.key.text(), carried_value(value, &field.shape, &now.shape));
    }
    carried.into()
}

fn carried_value(value: &Value, old: &Shape, new: &Shape) -> Value {
    match (old, new, value) {
        (Shape::Object(old), Shape::Object(new), _) => carried(value, old, new),
        (Shape::List(old), Shape::List(new), Value::Array(items)) => {
            items.iter().map(|item| carried_value(item, old, new)).collect()
        }
        (Shape::Map(old), Shape::Map(new), Value::Object(values)) => {
            let values = values.iter().map(|(key, value)| (key.clone(), carried_value(value, old, new)));
            values.collect::<Map<_, _>>().into()
        }
        (Shape::Union(old), Shape::Union(new), Value::Object(_)) => {
            let fields = |union: &TrueUnion| union.fields().into_iter().cloned().collect::<Vec<_>>();
            let mut carried = carried(value, &fields(old), &fields(new));
            if let (Some(old), Some(new)) = (&old.tag, &new.tag)
                && let Some(tag) = value.get(old.text())
            {
                carried[new.text()] = tag.clone();
            }
            carried
        }
        _ => value.clone(),
    }
}
