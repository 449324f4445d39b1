//! A named model in, what it is for out: what it takes and gives, in which resolutions, and what people look
//! for it by. A rule for all models, from their own facts; no model is known by its name. Must not know texts that people
//! read, such as titles, since they are published in many languages.

mod capability;

use std::collections::BTreeSet;

use crate::ir::{Field, Modality, Model, Output, Profile, Shared, Ty, Type, TypeId, TypeKind};

/// What a named model is for; `shared` are the outputs that many models share.
#[must_use]
pub fn of(model: &Model, shared: &[Shared]) -> Profile {
    let types = model.types.get(..model.input_types).unwrap_or_default();
    let fields = match types.first().map(|input| &input.kind) {
        Some(TypeKind::Object(input)) => &*input.fields,
        _ => &[],
    };
    let all = |fields: &mut dyn Iterator<Item = &Field>| -> BTreeSet<Modality> {
        fields.flat_map(|field| modalities(&field.ty, types, &mut BTreeSet::new())).collect()
    };
    let requires = all(&mut fields.iter().filter(|field| field.required));
    let takes = all(&mut fields.iter());
    let said: BTreeSet<Modality> = model.gives.iter().copied().map(Modality::from).collect();
    let gives = if said.is_empty() { of_output(model, shared) } else { said };
    let known = capability::Known { id: &model.id, fields, requires: &requires, gives: &gives };
    Profile {
        capability: capability::of(&known),
        resolutions: resolutions(&model.id, types, gives.is_empty() || gives.contains(&Modality::Video)),
        requires: requires.into_iter().collect(),
        takes: takes.into_iter().collect(),
        gives: gives.into_iter().collect(),
    }
}

/// What a value of this type may hold. A list of choices is no text that anybody writes.
fn modalities(ty: &Ty, types: &[Type], seen: &mut BTreeSet<TypeId>) -> BTreeSet<Modality> {
    match ty {
        Ty::Text => BTreeSet::from([Modality::Text]),
        Ty::Media(media) => BTreeSet::from([Modality::from(*media)]),
        Ty::List(inner) | Ty::Map(inner) | Ty::Nullable(inner) => modalities(inner, types, seen),
        Ty::Tuple(parts) => parts.iter().flat_map(|part| modalities(part, types, seen)).collect(),
        Ty::Named(id) | Ty::Boxed(id) if seen.insert(*id) => {
            let parts = types.get(*id).into_iter().flat_map(|of| of.kind.parts());
            parts.flat_map(|part| modalities(part, types, seen)).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// What a published output may hold, by the names of its fields: `video` and `videos` are films. What is assumed for lack of
/// anything published says nothing about this model.
fn of_output(model: &Model, shared: &[Shared]) -> BTreeSet<Modality> {
    let output = match &model.output {
        _ if model.is_output_assumed => None,
        Output::Own(Ty::Named(id)) => model.types.get(*id),
        Output::Own(_) => None,
        Output::Shared(name) => shared.iter().flat_map(|shape| &shape.types).find(|of| of.name == *name),
    };
    let named = |field: &Field| {
        let name = field.json.strip_suffix('s').unwrap_or(&field.json);
        Modality::ALL.into_iter().find(|modality| modality.as_str() == name)
    };
    output.and_then(|of| of.kind.object()).into_iter().flat_map(|of| &of.fields).filter_map(named).collect()
}

/// The resolutions among the values of an input's fields and in the id.
fn resolutions(id: &str, types: &[Type], may_be_film: bool) -> Vec<String> {
    let values = types.iter().filter_map(|of| match &of.kind {
        TypeKind::Choice(choice) => Some(choice.values.iter().map(|value| &*value.value)),
        _ => None,
    });
    let found: BTreeSet<(u64, String)> =
        values.flatten().chain(id.split('/')).filter_map(|text| resolution(text, may_be_film)).collect();
    found.into_iter().map(|(_, text)| text).collect()
}

/// The resolution that a text names, after its number of lines. Films are known by the shorter side of `1280x720`, too,
/// and so is what may be one, as the catalogue does not say what a model gives; pictures are not.
fn resolution(text: &str, may_be_film: bool) -> Option<(u64, String)> {
    let told = lines(text).map(|lines| (lines, text.to_lowercase()));
    told.or_else(|| shorter_side(text).filter(|_| may_be_film).map(|lines| (lines, format!("{lines}p"))))
}

/// The shorter side of `1280x720`, whatever follows it after a blank.
fn shorter_side(text: &str) -> Option<u64> {
    let (width, height) = text.split_whitespace().next()?.split_once(['x', 'X', '×', '*'])?;
    let side = |side: &str| lines(&format!("{side}p"));
    Some(side(width)?.min(side(height)?))
}

/// How many lines a picture of this resolution has, about; `None` if the text is none.
fn lines(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| is_number)?;
    match unit {
        "p" | "P" if number >= 100 => Some(number),
        "k" | "K" if (1..=16).contains(&number) => Some(number * 540),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, resolution};

    #[test]
    fn resolutions_are_told_from_other_words_and_ordered_by_size() {
        let sorted = ["360p", "480P", "1k", "720p", "1080P", "1440p", "2160p", "4k", "8K"];
        let known: Vec<u64> = sorted.iter().map(|text| lines(text).expect("a resolution")).collect();
        assert!(known.is_sorted(), "{known:?}");
        for other in ["", "p", "k", "24p", "0k", "99k", "12345p", "1080", "1080i", "4.5k", "+1k", "é", "9b", "v2"] {
            assert_eq!(lines(other), None, "{other}");
        }
    }

    #[test]
    fn the_sides_of_a_film_tell_its_resolution() {
        for (text, told) in [
            ("1280x720 (16:9)", Some("720p")),
            ("576×1024", Some("576p")),
            ("480*480", Some("480p")),
            ("4K", Some("4k")),
            ("1280x", None),
            ("16x9", None),
            ("1280x720x3", None),
            ("fix", None),
        ] {
            assert_eq!(resolution(text, true).map(|(_, text)| text).as_deref(), told, "{text}");
        }
        assert_eq!(resolution("1024x1024", false), None);
    }
}
