//! The last stages: the named representation to the files of a crate. Must not touch the disk, nor read schemas.

use std::collections::BTreeMap;

use super::catalog;
use crate::features;
use crate::file::RustFile;
use crate::ir::{Catalog, Model, Module};
use crate::render;
use crate::{Errors, Package, Placement, Sources, emit};

/// Loaded texts to a generated crate: all stages but load and write.
///
/// # Errors
/// Everything wrong with any model, sorted.
pub fn generate(sources: &Sources, placement: &Placement) -> Result<Package, Errors> {
    package(&catalog(sources)?, placement)
}

/// The named representation to a generated crate: emit and render.
///
/// # Errors
/// [`ErrorKind::TooMany`](crate::ErrorKind::TooMany) if a crate that is to be published has too many features.
pub fn package(catalog: &Catalog, placement: &Placement) -> Result<Package, Errors> {
    let mut errors = Errors::default();
    let mut files = BTreeMap::new();
    let target = emit::Target::package(placement);
    let examples = errors.collect(emit::examples(catalog, &target));
    let mut add = |path: String, file: RustFile| {
        if let Some(text) = errors.collect(render::rust(file)) {
            files.insert(path, text);
        }
    };
    add("src/lib.rs".to_owned(), emit::crate_root(catalog, &target));
    add("src/models.rs".to_owned(), emit::models(catalog, &target));
    if let Some(examples) = examples {
        add("tests/examples.rs".to_owned(), examples);
    }
    if !catalog.shared.is_empty() {
        add("src/shared.rs".to_owned(), emit::shared(&catalog.shared, &target));
    }
    for (provider, models) in grouped(&catalog.models, |model| model.module.provider.clone()) {
        add(format!("src/{provider}.rs"), emit::provider(&provider, &models, &target));
        for (family, models) in grouped(models, |model| model.module.family.clone()) {
            add(format!("src/{provider}/{family}.rs"), emit::family(&models, &target));
            for model in models {
                let path = format!("src/{provider}/{family}/{}.rs", model.module.variant);
                add(path, emit::model(model, &target));
            }
        }
    }
    for model in &catalog.models {
        let Module { provider, family, .. } = &model.module;
        for (name, _, text) in emit::names_files(model) {
            let header = target.header(&model.folder).into_iter().map(|line| format!("# {line}\n")).collect::<String>();
            files.insert(format!("src/{provider}/{family}/{name}"), header + &text);
        }
    }
    if *placement == Placement::Workspace {
        errors.collect(features::limit::check(catalog));
    }
    files.insert("Cargo.toml".to_owned(), emit::manifest(catalog, placement, &target));
    files.insert("README.md".to_owned(), emit::readme(catalog, &target));
    files.insert("rustfmt.toml".to_owned(), emit::rustfmt(&target));
    errors.or(Package { files })
}

fn grouped<'m>(
    models: impl IntoIterator<Item = &'m Model>,
    by: impl Fn(&Model) -> String,
) -> BTreeMap<String, Vec<&'m Model>> {
    let mut groups: BTreeMap<String, Vec<&Model>> = BTreeMap::new();
    for model in models {
        groups.entry(by(model)).or_default().push(model);
    }
    groups
}
