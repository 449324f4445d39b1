//! Naming where nobody can be asked: the representation in, the same with readable names out, as far as they are certain.
//! What is not keeps its wire key in readable JSON. Only that is named: types and variants are for Rust. Must not
//! stop.

use super::place::Place;
use super::recall::recall;
use super::{Written, aliases, unions};
use crate::ir::{Model, Object, Type, TypeId, TypeKind};
use crate::lock::ROOT;

/// A field that has its wire key for a readable name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// Where the field is, by wire keys: `camera/7_value`.
    pub path: String,
    /// Why it has no name, as a sentence.
    pub why: String,
}

/// Names the fields of a model, in the locked order where the lock knows them, and gives those that keep their keys.
pub(crate) fn name_partly(model: &mut Model, written: &Written) -> Vec<Doubt> {
    debug_assert!(written.asks_nobody, "somebody could be asked");
    let Ok((known, _)) = recall(model, written) else { return keys_only(model) };
    let types = &mut model.types;
    let mut doubts = Vec::new();
    for (id, known) in known.iter().enumerate() {
        doubts.extend(known.open.iter().map(|(key, why)| doubt(types, id, key, why)));
    }
    for group in unions::groups(types) {
        let Err(problems) = unions::name_group(&group, types, written, &known) else { continue };
        for problem in problems {
            let keeps = |object: &Object, key: &String| {
                object.fields.iter().any(|field| field.key == *key && field.json == *key)
            };
            for key in &problem.keys {
                let owners = group.members().iter().filter(|id| object(types, **id).is_some_and(|it| keeps(it, key)));
                doubts.extend(owners.map(|id| doubt(types, *id, key, &problem.message)));
            }
        }
    }
    unions::name_tables(types, model.input_types);
    ROOT.clone_into(&mut types[0].name);
    // An alias that is a field's name now is none.
    _ = aliases(types, &written.overrides);
    doubts.sort();
    doubts.dedup();
    doubts
}

/// Every field by its key.
fn keys_only(model: &mut Model) -> Vec<Doubt> {
    for of in &mut model.types {
        if let TypeKind::Object(object) | TypeKind::Table(object) = &mut of.kind {
            object.fields.iter_mut().for_each(|field| field.json.clone_from(&field.key));
        }
    }
    let all = object(&model.types, 0).into_iter().flat_map(|input| &input.fields);
    all.map(|field| doubt(&model.types, 0, &field.key, "no name of this model is certain")).collect()
}

fn object(types: &[Type], id: TypeId) -> Option<&Object> {
    if let TypeKind::Object(object) = &types[id].kind { Some(object) } else { None }
}

fn doubt(types: &[Type], id: TypeId, key: &str, why: &str) -> Doubt {
    Doubt { path: Place::of(types, id).key(key).text(), why: why.to_owned() }
}
