//! The forms of a union in, what each is known by out: the text that stands for it, and the fields that tell it from the
//! others. No two forms of a union are known by the same, and none by its place. Which fields are chosen does not depend on
//! node ids, for these change.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::shape::{Field, Object, Rest, Shape};
use crate::ir::Media;
use crate::name::NodeKey;

/// An object with no more keys than this may be known by all of them.
const FEW_KEYS: usize = 3;

/// The key whose value tells all forms apart, if all are closed objects that have one. Of several, the first by the alphabet.
pub(super) fn tag(forms: &[Shape<'_>]) -> Option<String> {
    let objects: Vec<&Object<'_>> = forms
        .iter()
        .map(|form| match form {
            Shape::Object(object) if !matches!(object.rest, Rest::Open(..)) => Some(object),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let mut keys: Vec<&str> = objects.first()?.fields.iter().map(|field| field.key.as_str()).collect();
    keys.sort_unstable();
    let tells_apart = |key: &&str| {
        let mut seen = HashSet::new();
        objects.iter().all(|object| object.constant(key).is_some_and(|value| seen.insert(value)))
    };
    keys.into_iter().find(tells_apart).map(str::to_owned)
}

/// What a form is known by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// What stands for it.
    pub(super) key: String,
    /// The keys of its fields that this is made of, if it is.
    pub(super) by: Vec<String>,
}

impl Known {
    fn of(key: impl Into<String>) -> Self {
        Self { key: key.into(), by: Vec::new() }
    }

    fn by(keys: &[&str]) -> Self {
        Self { key: keys.join(" "), by: keys.iter().map(|&key| key.to_owned()).collect() }
    }
}

/// The keys of all objects' fields, by what people know a field as.
type KeysByName<'s> = HashMap<String, HashSet<&'s str>>;

/// What each form is known by.
pub(super) fn known(forms: &[Shape<'_>], tag: Option<&str>) -> Vec<Known> {
    let mut keys_by_name = KeysByName::new();
    for form in forms {
        let fields = if let Shape::Object(object) = form { object.fields.as_slice() } else { &[] };
        fields.iter().for_each(|field| _ = keys_by_name.entry(readable(field)).or_default().insert(&field.key));
    }
    let candidates: Vec<Vec<Known>> = forms.iter().map(|form| candidates(form, forms, tag, &keys_by_name)).collect();
    let mut chosen = vec![0; forms.len()];
    loop {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, of_form) in candidates.iter().enumerate() {
            groups.entry(&of_form[chosen[place]].key).or_default().push(place);
        }
        let mut moved = false;
        for place in groups.into_values().filter(|group| group.len() > 1).flatten() {
            let next = (chosen[place] + 1).min(candidates[place].len() - 1);
            moved |= next != chosen[place];
            chosen[place] = next;
        }
        if !moved {
            return candidates.iter().zip(chosen).map(|(of_form, place)| of_form[place].clone()).collect();
        }
    }
}

/// What a form may be known by, the best first. The last is unlike that of any other form.
fn candidates(form: &Shape<'_>, all: &[Shape<'_>], tag: Option<&str>, keys_by_name: &KeysByName<'_>) -> Vec<Known> {
    let alone = |kind: fn(&Shape<'_>) -> bool| all.iter().filter(|other| kind(other)).count() == 1;
    let first = match form {
        Shape::Object(object) if tag.is_some() => {
            return vec![Known::of(tag.and_then(|tag| object.constant(tag)).unwrap_or_default())];
        }
        Shape::List(..) if alone(|other| matches!(other, Shape::List(..))) => vec![Known::of("list")],
        Shape::Map(..) if alone(|other| matches!(other, Shape::Map(..))) => vec![Known::of("map")],
        Shape::Object(object) if !alone(|other| matches!(other, Shape::Object(_))) => {
            distinctions(object, all, keys_by_name)
        }
        other => vec![Known::of(word(other))],
    };
    let first = first.into_iter().map(|known| match known.key.as_str() {
        "self" | "bool" | "integer" | "number" | "text" | "image" | "video" | "audio" | "preset" | "list" | "map"
            if matches!(form, Shape::Object(_)) && tag.is_none() =>
        {
            Known { key: format!("{} object", known.key), ..known }
        }
        _ => known,
    });
    first.chain([described(form, readable), described(form, |field| field.key.clone())].map(Known::of)).collect()
}

/// The word for a form's type.
fn word(shape: &Shape<'_>) -> String {
    let word = match shape {
        Shape::Any | Shape::Unknown => "json",
        Shape::Null => "null",
        Shape::Bool => "bool",
        Shape::Integer(_) => "integer",
        Shape::Number => "number",
        Shape::Text => "text",
        Shape::Media(Media::Image) => "image",
        Shape::Media(Media::Video) => "video",
        Shape::Media(Media::Audio) => "audio",
        Shape::Choice(..) => "preset",
        Shape::List(items, _) => return format!("{} list", word(items)),
        Shape::Map(values, _) => return format!("{} map", word(values)),
        Shape::Object(_) => "object",
        Shape::Implied(inner) => return word(inner),
        Shape::Union(_) => match shape.clone().split_null() {
            (Some(only), true) if !matches!(only, Shape::Union(_)) => return word(&only),
            _ => "mixed",
        },
    };
    word.to_owned()
}

/// What one of several objects may be known by: the value of a key, if no other object has that value; the first required
/// key, else the first key, that no other has; its few keys together. "First" is by the alphabet, without node ids, but those
/// that another object has a twin of come last.
fn distinctions(object: &Object<'_>, all: &[Shape<'_>], keys_by_name: &KeysByName<'_>) -> Vec<Known> {
    let others: Vec<&Object<'_>> = all
        .iter()
        .filter_map(|shape| match shape {
            Shape::Object(other) if other != object => Some(other),
            _ => None,
        })
        .collect();
    let mut fields: Vec<&Field<'_>> = object.fields.iter().collect();
    fields.sort_by_cached_key(|field| {
        let has_twin = keys_by_name.get(&readable(field)).is_some_and(|keys| keys.len() > 1);
        (has_twin, !field.required, without_nodes(&field.key), title(field), &field.key)
    });
    let value = fields.iter().find_map(|field| {
        let value = object.constant(&field.key)?;
        others.iter().all(|other| other.constant(&field.key) != Some(value)).then(|| Known::of(value))
    });
    let own_key = fields.iter().find(|field| others.iter().all(|other| other.field(&field.key).is_none()));
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let few_keys = (keys.len() <= FEW_KEYS).then(|| Known::by(&keys));
    value.into_iter().chain(own_key.map(|field| Known::by(&[&field.key]))).take(1).chain(few_keys).collect()
}

/// A key, or what stays of it when its node ids change.
fn without_nodes(key: &str) -> String {
    NodeKey::parse(key).map_or_else(|| key.to_owned(), |key| key.input_part())
}

fn title<'s>(field: &Field<'s>) -> &'s str {
    let mut titles = field.parts.all.iter().map(|part| part.title.as_str());
    titles.find(|title| !title.is_empty()).unwrap_or_default()
}

/// A field as people know it.
fn readable(field: &Field<'_>) -> String {
    match title(field) {
        title if NodeKey::parse(&field.key).is_some() && !title.is_empty() => title.to_owned(),
        _ => without_nodes(&field.key),
    }
}

/// A form in full, texts that are listed included; `call` says what a field is called.
fn described(shape: &Shape<'_>, call: fn(&Field<'_>) -> String) -> String {
    match shape {
        Shape::Choice(values, _) => {
            let mut values = values.clone();
            values.sort();
            format!("one of {}", values.join(" "))
        }
        Shape::List(items, _) => format!("list of {}", described(items, call)),
        Shape::Map(values, _) => format!("map of {}", described(values, call)),
        Shape::Union(forms) => forms.iter().map(|form| described(form, call)).collect::<Vec<_>>().join(" or "),
        Shape::Object(object) => {
            let mut fields: Vec<String> = object
                .fields
                .iter()
                .map(|field| {
                    let mark = if field.required { "" } else { " optional" };
                    format!("{}{mark} {}", call(field), described(&field.shape, call))
                })
                .collect();
            fields.sort();
            let rest = match &object.rest {
                Rest::Open(values, _) => format!(" besides {}", described(values, call)),
                Rest::Unsaid | Rest::Closed => String::new(),
            };
            format!("object of {}{rest}", fields.join(" and "))
        }
        other => word(other),
    }
}
