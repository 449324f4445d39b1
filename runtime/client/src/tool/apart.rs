//! Forms of a union as a host tells them apart that writes one property after the other: by the first. Objects in, the same
//! objects with other properties first out. Must not know dialects, nor what a form is beside its schema.

use serde_json::Map;

use crate::Json;

/// Lets all objects begin with different properties, or with one whose listed values differ. `false` if that can't be.
pub(super) fn begin_apart<'f>(forms: impl Iterator<Item = &'f mut Map<String, Json>>) -> bool {
    let mut objects: Vec<&mut Map<String, Json>> = forms.filter(|schema| !names(schema).is_empty()).collect();
    let first = label(&objects).map_or_else(|| different(&objects), |label| vec![label; objects.len()]);
    for (object, name) in objects.iter_mut().zip(first) {
        put_first(object, &name);
    }
    // Where maps of JSON are sorted, nothing can be put first.
    let mut pairs =
        objects.iter().enumerate().flat_map(|(place, one)| objects[..place].iter().map(move |other| (one, other)));
    pairs.all(|(one, other)| {
        let (first, of_other) = (names(one), names(other));
        let (Some(name), Some(of_other)) = (first.first(), of_other.first()) else { return true };
        name != of_other || values_differ(one, other, name)
    })
}

fn names(object: &Map<String, Json>) -> Vec<String> {
    object.get("properties").and_then(Json::as_object).map(|all| all.keys().cloned().collect()).unwrap_or_default()
}

/// A property of all objects that has other values in each.
fn label(objects: &[&mut Map<String, Json>]) -> Option<String> {
    let (one, _) = objects.split_first()?;
    let is_label = |name: &String| {
        let mut pairs =
            objects.iter().enumerate().flat_map(|(place, one)| objects[..place].iter().map(move |other| (one, other)));
        pairs.all(|(one, other)| values_differ(one, other, name))
    };
    names(one).into_iter().find(is_label)
}

fn values_differ(one: &Map<String, Json>, other: &Map<String, Json>, name: &str) -> bool {
    let values = |object: &Map<String, Json>| object.get("properties")?.get(name)?.get("enum")?.as_array().cloned();
    values(one).zip(values(other)).is_some_and(|(one, other)| one.iter().all(|value| !other.contains(value)))
}

/// A property for each object, no two alike where that is possible, and its own first one where that will do.
fn different(objects: &[&mut Map<String, Json>]) -> Vec<String> {
    let all: Vec<Vec<String>> = objects.iter().map(|object| names(object)).collect();
    let mut taken: Vec<(String, usize)> = Vec::new();
    for place in 0..all.len() {
        take(place, &all, &mut taken, &mut Vec::new());
    }
    let of = |place: usize| taken.iter().find(|(_, owner)| *owner == place).map(|(name, _)| name.clone());
    (0..all.len()).map(|place| of(place).unwrap_or_else(|| all[place][0].clone())).collect()
}

/// Takes a property for this object; whoever had it takes another. `false` if there is none.
fn take(place: usize, all: &[Vec<String>], taken: &mut Vec<(String, usize)>, asked: &mut Vec<String>) -> bool {
    for name in &all[place] {
        if asked.contains(name) {
            continue;
        }
        asked.push(name.clone());
        match taken.iter().position(|(own, _)| own == name) {
            None => taken.push((name.clone(), place)),
            Some(at) => {
                let owner = taken[at].1;
                if !take(owner, all, taken, asked) {
                    continue;
                }
                // The owner has another one by now.
                taken.retain(|(own, of)| !(own == name && *of == owner));
                taken.push((name.clone(), place));
            }
        }
        return true;
    }
    false
}

fn put_first(object: &mut Map<String, Json>, name: &str) {
    if let Some(Json::Object(properties)) = object.get_mut("properties") {
        let (first, others): (Map<_, _>, Map<_, _>) =
            std::mem::take(properties).into_iter().partition(|(own, _)| own == name);
        *properties = first.into_iter().chain(others).collect();
    }
    if let Some(Json::Array(required)) = object.get_mut("required") {
        required.sort_by_key(|one| one != name);
    }
}
