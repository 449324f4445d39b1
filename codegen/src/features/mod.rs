//! `features.toml`, which families share a Cargo feature: text in, features put into the named representation out. It
//! exists because crates.io takes a limited number of features per crate; `limit` says when a crate comes near. Must
//! not know how `Cargo.toml` is written.

#[cfg(feature = "emit")]
mod advice;
#[cfg(feature = "emit")]
pub(crate) mod limit;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::ir::Model;
use crate::name::is_free_feature;
use crate::overrides::unused;
use crate::{Error, ErrorKind, Errors, SourceFile};

/// The file's path in the schema folder.
pub const FILE: &str = "features.toml";

/// The decisions for all families.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Features {
    /// `[merge]`: families of one provider, as their ids begin (`kling/kling-2-1`), by the feature that they share.
    pub merge: BTreeMap<String, Vec<String>>,
}

impl Features {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`] with the line: not TOML, or a table that there is not.
    pub fn parse(file: &SourceFile) -> Result<Self, Error> {
        toml::from_str(&file.text).map_err(|error| {
            Error::toml("this is not what features.toml may hold", &file.text, &error).of("", &file.path).help(
                "the one table is [merge], with lines such as \"kling-2\" = [\"kling/kling-2-1\", \"kling/kling-2-5\"]",
            )
        })
    }

    /// Puts each family of `[merge]` behind the feature it shares. `families` are all that the schema folder has, those
    /// included of which every model was removed: an entry does not become wrong because a model is no longer offered.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for families that are not there and features without any, [`ErrorKind::Name`] for
    /// features that can't be: not a name, taken, of several providers, or for a family that has one already.
    pub(crate) fn apply(&self, models: &mut [Model], families: &BTreeSet<String>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        let mut shared: BTreeMap<&str, &str> = BTreeMap::new();
        for (feature, members) in &self.merge {
            let taken = taken_by_others(models, members);
            if let Err(error) = is_possible(feature, members, &taken) {
                errors.push(error);
            }
            if members.is_empty() {
                let message = format!("the feature {feature:?} of [merge] has no families");
                errors
                    .push(Error::new(ErrorKind::UnusedOverride, message).help("list its families, or remove the line"));
            }
            for member in members {
                if !families.contains(member) {
                    errors.push(unused("[merge]", member, families.iter().map(String::as_str)));
                }
                if let Some(other) = shared.insert(member, feature) {
                    let message = format!("the family `{member}` is listed for `{other}` and for `{feature}`");
                    errors.push(Error::new(ErrorKind::Name, message).help("keep one of the two"));
                }
            }
        }
        errors.map(|error| error.of("", FILE)).or(())?;
        for model in models {
            if let Some(feature) = shared.get(family(&model.id)) {
                (*feature).clone_into(&mut model.module.feature);
            }
        }
        Ok(())
    }
}

/// The family an id belongs to, as the id spells it: `a/b` of `a/b/c`.
pub(crate) fn family(id: &str) -> &str {
    id.match_indices('/').nth(1).map_or(id, |(end, _)| &id[..end])
}

/// The features that families outside the merge and providers have.
fn taken_by_others<'m>(models: &'m [Model], members: &[String]) -> BTreeSet<&'m str> {
    let is_member = |model: &Model| members.iter().any(|member| member == family(&model.id));
    let others = models.iter().filter(|model| !is_member(model)).map(|model| model.module.feature.as_str());
    others.chain(models.iter().map(|model| model.module.provider_feature.as_str())).collect()
}

/// Whether a merge can have the feature.
fn is_possible(feature: &str, members: &[String], taken: &BTreeSet<&str>) -> Result<(), Error> {
    let providers: BTreeSet<&str> = members.iter().filter_map(|member| member.split('/').next()).collect();
    let refuse =
        |why: String, help: &str| Err(Error::new(ErrorKind::Name, format!("the feature {feature:?} {why}")).help(help));
    if !is_free_feature(feature) {
        return refuse(
            "can't be used".to_owned(),
            "choose lower-case letters, digits and `-`, and no word that the crate uses itself",
        );
    }
    if taken.contains(feature) {
        return refuse("is a provider's or another family's".to_owned(), "choose another name");
    }
    if providers.len() > 1 {
        let providers = providers.into_iter().collect::<Vec<_>>().join("`, `");
        return refuse(
            format!("would be shared by the providers `{providers}`"),
            "merge families of one provider: its own feature switches on all of them",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
