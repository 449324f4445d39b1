//! Ids that differ in upper and lower case only: ids and the models of the folder in, which of their spellings is right out.
//! Must not know what becomes of a model.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model_id::MAX_SEGMENTS;
use crate::{Error, ErrorKind, ModelId, Sources};

/// The ids with a folder that others spell otherwise, and how those do. The spelling of models that are there already
/// stays; else that of most ids; else the first.
pub(super) fn twins(listed: &BTreeSet<ModelId>, old: &Sources) -> BTreeMap<ModelId, String> {
    let known = old.models.iter().filter_map(|model| ModelId::parse(&model.folder).ok());
    let mut left: Vec<(ModelId, usize)> = known.map(|id| (id, listed.len() + 1)).collect();
    left.extend(listed.iter().map(|id| (id.clone(), 1)));
    let mut twins = BTreeMap::new();
    // From the outermost folder inwards: whose provider is spelt otherwise has no say in how its families are.
    for depth in 0..MAX_SEGMENTS {
        let mut spellings: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (id, weight) in &left {
            if let Some(folder) = id.folders().nth(depth) {
                *spellings.entry(folder.to_lowercase()).or_default().entry(folder.to_owned()).or_default() += weight;
            }
        }
        left.retain(|(id, _)| {
            let Some(folder) = id.folders().nth(depth) else { return false };
            let of_folder = spellings.get(&folder.to_lowercase()).into_iter().flatten();
            let right = of_folder.min_by_key(|(_, weight)| Reverse(**weight)).map_or(folder, |(right, _)| right);
            if right != folder {
                twins.insert(id.clone(), right.to_owned());
            }
            right == folder
        });
    }
    twins
}

pub(super) fn twin_error(id: &ModelId, twin: &str) -> Error {
    Error::new(ErrorKind::ModelId, format!("the id `{id}` differs from `{twin}` in upper and lower case only"))
        .of(id.as_str(), "")
        .help("where the file system ignores case they would be one folder; if it is that model, move its folder, and sync again")
}
