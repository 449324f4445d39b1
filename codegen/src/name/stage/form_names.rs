//! The forms of a union in, whose objects have named fields; the names of the forms out. Must not know how a name is made,
//! or a lock matched.
//!
//! A form is named for what it is known by. Where that has node ids, it is named for the fields that it is known by, which
//! have readable names; those of one name are told apart like fields.

use std::collections::BTreeMap;

use super::describe::form_fields;
use crate::ir::{Form, Type, TypeId, TypeKind, Union};
use crate::name::ident::{is_readable, without_marks};
use crate::name::problem::{lines_to_paste, shown_list, toml_string};
use crate::name::{FieldLabel, NameProblem, NodeKey, name_fields, name_variants};

/// Names by what forms are known by.
type ByKey = BTreeMap<String, String>;

/// Names the forms of the union `types[id]`, which is to be called `name`. `pinned` and `locked` are what was written down
/// about them; `locked` has those of removed forms, too.
pub(super) fn name_forms(
    id: TypeId,
    name: &str,
    types: &mut [Type],
    pinned: &ByKey,
    locked: &ByKey,
) -> Result<(), Vec<NameProblem>> {
    let TypeKind::Union(union) = &types[id].kind else { return Ok(()) };
    let is_named = |form: &Form| pinned.contains_key(&form.key) || locked.contains_key(&form.key);
    let texts = texts(union, name, types, is_named)?;
    let by_text = |by_key: &ByKey| -> ByKey {
        let text =
            |key: &String| union.forms.iter().position(|form| form.key == *key).map(|place| texts[place].clone());
        by_key.iter().map(|(key, name)| (text(key).unwrap_or_else(|| key.clone()), name.clone())).collect()
    };
    let values: Vec<&str> = texts.iter().map(String::as_str).collect();
    let with_keys = |mut problem: NameProblem| {
        for (text, form) in texts.iter().zip(&union.forms) {
            let (text, key) = (toml_string(text), toml_string(&form.key));
            problem.help = problem.help.replace(&format!("\n{text} ="), &format!("\n{key} ="));
        }
        problem
    };
    let names = name_variants(name, &values, &by_text(pinned), &by_text(locked))
        .map_err(|problems| problems.into_iter().map(with_keys).collect::<Vec<_>>())?;
    let TypeKind::Union(union) = &mut types[id].kind else { return Ok(()) };
    for (form, name) in union.forms.iter_mut().zip(names) {
        form.name = name;
    }
    Ok(())
}

/// The text that each form is named for, no two of which are equal.
fn texts(
    union: &Union,
    name: &str,
    types: &[Type],
    is_named: impl Fn(&Form) -> bool,
) -> Result<Vec<String>, Vec<NameProblem>> {
    let forms = &union.forms;
    let wished: Vec<Option<String>> = forms.iter().map(|form| from_fields(form, types)).collect();
    let mut texts: Vec<String> =
        forms.iter().zip(&wished).map(|(form, wish)| wish.clone().unwrap_or_else(|| form.key.clone())).collect();
    let wants = texts.clone();
    let is_alone = |place: usize| wants.iter().filter(|other| **other == wants[place]).count() == 1;
    // Those that have a name already leave theirs to none, and need no text but their own.
    let newcomers = |place: &usize| wished[*place].is_some() && !is_named(&forms[*place]) && !is_alone(*place);
    let newcomers: Vec<usize> = (0..forms.len()).filter(newcomers).collect();
    let others: Vec<&str> =
        (0..forms.len()).filter(|place| !newcomers.contains(place)).map(|place| wants[place].as_str()).collect();
    let others: Vec<&str> = others.into_iter().filter(|text| is_readable(text)).collect();
    let label = |place: &usize| {
        let form = &forms[*place];
        let title = match form_fields(form, types).as_slice() {
            [only] => only.title.as_str(),
            _ => "",
        };
        FieldLabel { key: &form.key, title, pinned: None, locked: None }
    };
    let labels: Vec<FieldLabel<'_>> = newcomers.iter().map(label).collect();
    let told_apart = match newcomers.iter().all(|place| forms[*place].by.len() == 1) {
        true => name_fields(&labels, &others).ok(),
        false => None,
    };
    let Some(told_apart) = told_apart else { return Err(vec![nothing_tells_apart(&newcomers, union, name)]) };
    for (place, name) in newcomers.iter().zip(told_apart) {
        texts[*place] = name.json;
    }
    for place in 0..forms.len() {
        if !newcomers.contains(&place) && !is_alone(place) {
            forms[place].key.clone_into(&mut texts[place]);
        }
    }
    Ok(texts)
}

/// The readable names of the fields that a form is known by, if they have node ids.
fn from_fields(form: &Form, types: &[Type]) -> Option<String> {
    let fields = form_fields(form, types);
    let has_nodes = fields.iter().any(|field| NodeKey::parse(&field.key).is_some());
    let names: Vec<&str> = fields.iter().map(|field| without_marks(&field.name)).collect();
    has_nodes.then(|| names.join("_"))
}

fn nothing_tells_apart(places: &[usize], union: &Union, name: &str) -> NameProblem {
    let keys: Vec<&str> = places.iter().map(|place| union.forms[*place].key.as_str()).collect();
    let message = format!("the forms of {} want one name", shown_list(&keys));
    let lines = lines_to_paste(&format!("variants.{name}"), &keys);
    NameProblem::new(
        &keys,
        message,
        format!("nothing readable tells them apart; name them in overrides.toml:\n{lines}"),
    )
}
