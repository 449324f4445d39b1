//! Model ids go in, modules and features come out. Must not know what a model is beyond its id, or how many features a
//! crate may have.

use std::collections::{BTreeMap, BTreeSet};

use super::ident::{module, root_module};
use super::problem::{NameProblem, shown, shown_list};
use super::reserved;
use crate::ModelId;

/// Where a model is in the generated crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModulePath {
    /// The module at the crate's root: `bytedance`.
    pub provider: String,
    /// The module in it: `seedance_2_5`.
    pub family: String,
    /// The model's own module: `image_to_video_1080p`; `base` where the id ends with the family.
    pub variant: String,
    /// The feature that turns on the family: `bytedance-seedance-2-5`.
    pub feature: String,
    /// The feature that turns on all families of the provider: `bytedance`.
    pub provider_feature: String,
}

/// The module of a model whose id ends with the family.
const BASE: &str = "base";

/// Finds each model's place, by id. The order of `ids` does not matter, and an id given twice counts once.
///
/// The first segment of an id is the provider, the second the family, and everything after it is joined into one
/// module, what the model can do first. Modules are in lower case with `_` for other characters than letters and digits; a
/// keyword, or at the root a name that the generated crate uses itself, gets a trailing `_`, and a leading digit a `_` before it. Features are in lower
/// case with `-` for `.`, and say the provider once; one that the generated crate has for other purposes gets `-models` appended.
///
/// # Errors
/// All problems, sorted: ids without a provider and a family of ASCII letters, digits, `.`, `-` and `_`, and whatever would
/// share a module or a feature without being the same.
pub fn plan_modules(ids: &[&str]) -> Result<BTreeMap<String, ModulePath>, Vec<NameProblem>> {
    let mut problems = Vec::new();
    let mut plan = BTreeMap::new();
    for &id in &BTreeSet::from_iter(ids.iter().copied()) {
        match place(id) {
            Some(path) => _ = plan.insert(id, path),
            None => problems.push(not_an_id(id)),
        }
    }
    problems.extend(clashes(&plan));
    if problems.is_empty() {
        return Ok(plan.into_iter().map(|(id, path)| (id.to_owned(), path)).collect());
    }
    problems.sort();
    Err(problems)
}

/// The place of one model, whatever others there are; `None` where the id can't be placed.
fn place(id: &str) -> Option<ModulePath> {
    let segments: Vec<&str> = id.split('/').collect();
    let [provider, family, rest @ ..] = segments.as_slice() else {
        return None;
    };
    let is_plain = |segment: &&str| {
        segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
            && segment.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    segments.iter().all(is_plain).then(|| ModulePath {
        provider: root_module(provider),
        family: module(family),
        variant: if rest.is_empty() { BASE.to_owned() } else { module(&capability_first(rest).join("-")) },
        feature: family_feature(provider, family),
        provider_feature: feature(provider),
    })
}

/// What a model can do, in the words of ids, beside `…-to-…`.
const CAPABILITIES: [&str; 6] = ["edit", "extend", "inpaint", "outpaint", "transition", "upscale"];

/// The segments, the one that says what the model can do before its grade or size: `pro/image-to-video` → `image-to-video`,
/// `pro`. Where none says it, those that start with a digit come last.
fn capability_first<'s>(segments: &[&'s str]) -> Vec<&'s str> {
    let is_capability = |segment: &&str| {
        let segment = segment.to_ascii_lowercase();
        segment.contains("-to-") || segment.split('-').any(|word| CAPABILITIES.contains(&word))
    };
    let is_size = |segment: &&&str| segment.starts_with(|c: char| c.is_ascii_digit());
    let leading = segments.iter().position(is_capability);
    let leading = leading.unwrap_or_else(|| segments.iter().take_while(is_size).count());
    let mut segments = segments.to_vec();
    segments.rotate_left(leading);
    segments
}

/// The feature of a family, which says its provider once: `kling-3-0` for `kling/kling-3.0`.
fn family_feature(provider: &str, family: &str) -> String {
    let (name, root) = (plain_feature(family), plain_feature(provider));
    let has_provider = name.strip_prefix(&root).is_some_and(|rest| rest.starts_with('-'));
    feature(&if has_provider { name } else { format!("{root}-{name}") })
}

/// The feature for a provider or family: the same for every spelling, and with `-models` after a word that the crate uses.
pub(crate) fn feature(name: &str) -> String {
    let name = plain_feature(name);
    if reserved::FEATURES.contains(&name.as_str()) { name + "-models" } else { name }
}

/// Lower case with `-` for `.` and `_`, but for a `_` at the beginning, where Cargo takes no `-`.
fn plain_feature(name: &str) -> String {
    let name = ModelId::spelling(name);
    name.strip_prefix('-').map_or_else(|| name.clone(), |rest| format!("_{rest}"))
}

/// Whether a name that a person chose can be a feature of families.
pub(crate) fn is_free_feature(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(plain)
        && !reserved::FEATURES.contains(&name)
}

fn not_an_id(id: &str) -> NameProblem {
    let message = format!("the model id {} can't become a module", shown(id));
    let help = "an id is provider/family or longer, each part of ASCII letters, digits, `.`, `-` and `_`".to_owned();
    NameProblem::new(&[id], message, help)
}

/// Everything that two different things would share. Only the widest of what follows from one cause is reported: two
/// providers that share a module also share what is in it.
fn clashes(plan: &BTreeMap<&str, ModulePath>) -> Vec<NameProblem> {
    let (mut modules, mut features) = (Owners::new(), Owners::new());
    for (&id, path) in plan {
        let provider = prefix(id, 1);
        let family = prefix(id, 2);
        let ModulePath { provider: root, family: middle, variant, feature, provider_feature } = path;
        claim(&mut modules, root.clone(), provider, id);
        claim(&mut modules, format!("{provider}/{middle}"), family, id);
        claim(&mut modules, format!("{family}/{variant}"), id, id);
        claim(&mut features, provider_feature.clone(), provider, id);
        claim(&mut features, feature.clone(), family, id);
    }
    let shared = |owners: Owners<'_>, what: &str| -> Vec<NameProblem> {
        let several = owners.into_iter().filter(|(_, owners)| owners.len() > 1);
        several.map(|(name, owners)| clash(what, &name, &owners)).collect()
    };
    let mut problems = shared(modules, "module");
    let known: BTreeSet<Vec<String>> = problems.iter().map(|problem| problem.keys.clone()).collect();
    problems.extend(shared(features, "feature").into_iter().filter(|problem| !known.contains(&problem.keys)));
    problems
}

/// What wants a name, by that name: the provider, family or model as its id spells it, and the first of its models.
type Owners<'a> = BTreeMap<String, BTreeMap<&'a str, &'a str>>;

fn claim<'a>(owners: &mut Owners<'a>, name: String, owner: &'a str, id: &'a str) {
    owners.entry(name).or_default().entry(owner).or_insert(id);
}

/// The first segments of an id: 2 of `a/b/c` are `a/b`.
fn prefix(id: &str, segments: usize) -> &str {
    id.match_indices('/').nth(segments - 1).map_or(id, |(end, _)| &id[..end])
}

fn clash(what: &str, name: &str, owners: &BTreeMap<&str, &str>) -> NameProblem {
    let names: Vec<&str> = owners.keys().copied().collect();
    let ids: Vec<&str> = owners.values().copied().collect();
    let short = name.rsplit('/').next().unwrap_or(name);
    let message = if names == ids {
        format!("{} would share the {what} `{short}`", shown_list(&ids))
    } else {
        format!("{} would share the {what} `{short}`: see the models {}", shown_list(&names), shown_list(&ids))
    };
    NameProblem::new(
        &ids,
        message,
        "keep one of them: remove the other's folder under schemas/, if it is there, and sync with --only".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(id: &str) -> [String; 5] {
        let ModulePath { provider, family, variant, feature, provider_feature } = place(id).expect("a place");
        [provider, family, variant, feature, provider_feature]
    }

    fn messages(ids: &[&str]) -> Vec<String> {
        plan_modules(ids).expect_err("a problem").into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn everything_after_the_family_is_one_module() {
        assert_eq!(
            path("bytedance/seedance-2.5/image-to-video/1080p"),
            ["bytedance", "seedance_2_5", "image_to_video_1080p", "bytedance-seedance-2-5", "bytedance"]
        );
        assert_eq!(path("x/y"), ["x", "y", "base", "x-y", "x"]);
        assert_eq!(
            path("kling/kling-video-o3/4K/image-to-video"),
            ["kling", "kling_video_o3", "image_to_video_4k", "kling-video-o3", "kling"]
        );
        assert_eq!(path("x/y/4k/2x/edit")[2], "edit_4k_2x");
        for (id, variant) in [
            ("x/y/pro/image-to-video", "image_to_video_pro"),
            ("x/y/image-to-video/pro", "image_to_video_pro"),
            ("x/y/Flare/Edit", "edit_flare"),
            ("x/y/edit/draft", "edit_draft"),
            ("x/y/pro/video-edit/720p", "video_edit_720p_pro"),
            ("x/y/pro/credit", "pro_credit"),
        ] {
            assert_eq!(path(id)[2], variant);
        }
        assert_eq!(path("x/y/4k/2x")[2], "_4k_2x");
    }

    #[test]
    fn a_feature_says_its_provider_once() {
        assert_eq!(path("kling/kling-3.0/pro")[3..], ["kling-3-0", "kling"]);
        assert_eq!(path("Kling/KLING-3.0/pro")[3..], ["kling-3-0", "kling"]);
        assert_eq!(path("Kling/kling_3-0/pro")[3..], ["kling-3-0", "kling"], "whatever the spelling");
        assert_eq!(path("_x/_y")[3..], ["_x--y", "_x"]);
        assert_eq!(path("twin/twin")[3..], ["twin-twin", "twin"], "the very name keeps both");
        assert_eq!(path("wan/wanderer")[3..], ["wan-wanderer", "wan"]);
        assert_eq!(messages(&["kling/kling-3/a", "kling/3/a"])[0].matches("`kling-3`").count(), 1);
    }

    #[test]
    fn keywords_and_names_at_the_root_are_marked() {
        assert_eq!(path("async/type/use")[..3], ["async_", "type_", "use_"]);
        assert_eq!(path("client/client/std"), ["client_", "client", "std", "client-client", "client-models"]);
        assert_eq!(path("01-ai/4k"), ["_01_ai", "_4k", "base", "01-ai-4k", "01-ai"]);
        assert_eq!(path("runcomfy/client"), ["runcomfy_", "client", "base", "runcomfy-client-models", "runcomfy"]);
    }

    /// Ids that may be folders and lose what told them from a device on their way to a module.
    #[test]
    fn no_module_is_a_device_of_windows() {
        for name in ["con", "prn", "aux", "nul", "com1", "lpt9"] {
            for spelled in
                [format!("{name}-"), format!("{}_-", name.to_uppercase()), format!("-{name}"), format!("-.{name}--")]
            {
                let id = format!("{spelled}/{spelled}/{spelled}");
                assert!(ModelId::parse(&id).is_ok(), "{id}");
                assert_eq!(path(&id)[..3], [format!("{name}_"), format!("{name}_"), format!("{name}_")], "{id}");
            }
        }
        assert_eq!(path("x/y/con-/edit")[2], "edit_con");
        assert_eq!(messages(&["a/b/con-", "a/b/con_"])[0].matches("`con_`").count(), 1);
    }

    #[test]
    fn a_model_in_the_folder_of_another_has_its_own_module() {
        let plan = plan_modules(&["b/flux-3/edit", "b/flux-3/edit/draft", "b/flux-3/edit"]).expect("a plan");
        let variants: Vec<&str> = plan.values().map(|path| path.variant.as_str()).collect();
        assert_eq!(variants, ["edit", "edit_draft"]);
    }

    #[test]
    fn two_models_never_share_a_module() {
        assert_eq!(messages(&["a/b/c-d", "a/b/c/d"]), ["`a/b/c-d` and `a/b/c/d` would share the module `c_d`"]);
        assert_eq!(messages(&["x/y", "x/y/base"]), ["`x/y` and `x/y/base` would share the module `base`"]);
        assert_eq!(messages(&["x/y/4K", "x/y/4k"]), ["`x/y/4K` and `x/y/4k` would share the module `_4k`"]);
    }

    #[test]
    fn two_families_never_share_a_module_or_a_feature() {
        let folded = "`a/b-1` and `a/b.1` would share the module `b_1`: see the models `a/b-1/x` and `a/b.1/y`";
        assert_eq!(messages(&["a/b.1/y", "a/b-1/x"]), [folded]);
        let glued = "`a-b/c` and `a/b-c` would share the feature `a-b-c`: see the models `a-b/c/x` and `a/b-c/x`";
        assert_eq!(messages(&["a-b/c/x", "a/b-c/x"]), [glued]);
    }

    #[test]
    fn two_providers_never_share_a_module_or_a_feature() {
        let folded = "`Kling` and `kling` would share the module `kling`: see the models `Kling/a` and `kling/b`";
        assert_eq!(messages(&["Kling/a", "kling/b"]), [folded]);
        let glued = "`wan-ai` and `wan/ai` would share the feature `wan-ai`: see the models `wan-ai/x` and `wan/ai`";
        assert_eq!(messages(&["wan/ai", "wan-ai/x"]), [glued]);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for id in ["", "x", "/x", "x/", "x//y", "x/..", "x/y z", "x/ü", "x/y\0", "x/y\\z"] {
            assert_eq!(plan_modules(&[id]).expect_err(id)[0].keys, [id]);
        }
    }
}
