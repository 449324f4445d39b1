//! The forms of a union in, what each is known by out: text from which names are made, and by which a lock finds a form
//! again. No two forms of a union are known by the same, and none by its place.

use std::collections::{BTreeMap, HashSet};

use super::shape::{Field, Object, Rest, Shape};
use crate::ir::Media;

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

/// What each form is known by.
pub(super) fn keys(forms: &[Shape<'_>], tag: Option<&str>) -> Vec<String> {
    let candidates: Vec<Vec<String>> = forms.iter().map(|form| candidates(form, forms, tag)).collect();
    let mut chosen = vec![0; forms.len()];
    loop {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, of_form) in candidates.iter().enumerate() {
            groups.entry(&of_form[chosen[place]]).or_default().push(place);
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
fn candidates(form: &Shape<'_>, all: &[Shape<'_>], tag: Option<&str>) -> Vec<String> {
    let alone = |kind: fn(&Shape<'_>) -> bool| all.iter().filter(|other| kind(other)).count() == 1;
    let first = match form {
        Shape::Object(object) if tag.is_some() => {
            return vec![tag.and_then(|tag| object.constant(tag)).unwrap_or_default().to_owned()];
        }
        Shape::List(..) if alone(|other| matches!(other, Shape::List(..))) => vec!["list".to_owned()],
        Shape::Map(..) if alone(|other| matches!(other, Shape::Map(..))) => vec!["map".to_owned()],
        Shape::Object(object) if !alone(|other| matches!(other, Shape::Object(_))) => distinctions(object, all),
        other => vec![word(other)],
    };
    let first = first.into_iter().map(|text| match text.as_str() {
        "self" | "bool" | "integer" | "number" | "text" | "image" | "video" | "audio" | "preset" | "list" | "map"
            if matches!(form, Shape::Object(_)) && tag.is_none() =>
        {
            format!("{text} object")
        }
        _ => text,
    });
    first.chain([described(form)]).collect()
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
/// key, else the first key, that no other has; its few keys together. "First" is by the alphabet.
fn distinctions(object: &Object<'_>, all: &[Shape<'_>]) -> Vec<String> {
    let others: Vec<&Object<'_>> = all
        .iter()
        .filter_map(|shape| match shape {
            Shape::Object(other) if other != object => Some(other),
            _ => None,
        })
        .collect();
    let mut fields: Vec<&Field<'_>> = object.fields.iter().collect();
    fields.sort_by_key(|field| (!field.required, &field.key));
    let value = fields.iter().find_map(|field| {
        let value = object.constant(&field.key)?;
        others.iter().all(|other| other.constant(&field.key) != Some(value)).then(|| value.to_owned())
    });
    let own_key = fields.iter().find(|field| others.iter().all(|other| other.field(&field.key).is_none()));
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    let few_keys = (keys.len() <= FEW_KEYS).then(|| keys.join(" "));
    value.into_iter().chain(own_key.map(|field| field.key.clone())).take(1).chain(few_keys).collect()
}

/// A form in full, texts that are listed included.
fn described(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Choice(values, _) => {
            let mut values = values.clone();
            values.sort();
            format!("one of {}", values.join(" "))
        }
        Shape::List(items, _) => format!("list of {}", described(items)),
        Shape::Map(values, _) => format!("map of {}", described(values)),
        Shape::Union(forms) => forms.iter().map(described).collect::<Vec<_>>().join(" or "),
        Shape::Object(object) => {
            let mut fields: Vec<String> = object
                .fields
                .iter()
                .map(|field| {
                    let mark = if field.required { "" } else { " optional" };
                    format!("{}{mark} {}", field.key, described(&field.shape))
                })
                .collect();
            fields.sort();
            let rest = match &object.rest {
                Rest::Open(values, _) => format!(" besides {}", described(values)),
                Rest::Unsaid | Rest::Closed => String::new(),
            };
            format!("object of {}{rest}", fields.join(" and "))
        }
        other => word(other),
    }
}
