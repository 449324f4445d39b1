//! The catalogue in, the list of models out, as the generated crate's README and in its docs: how to start, and which
//! model lives where.

use std::fmt::Write as _;

use super::index::SOURCE;
use super::{Target, docs};
use crate::file::{RustFile, text};
use crate::ir::Catalog;

/// The text of `README.md`.
#[must_use]
pub fn readme(catalog: &Catalog, target: &Target) -> String {
    let header: String = target.header(SOURCE).iter().map(|line| format!("<!-- {line} -->\n")).collect();
    let mut text = format!("{header}\n# runcomfy\n\n");
    text.push_str(
        "Typed, documented, validated inputs for RunComfy's models. Switch on the families you use:\n\n```toml\n\
         [dependencies]\n",
    );
    let feature = catalog.models.first().map_or("all", |model| &model.module.feature);
    _ = writeln!(text, "runcomfy = {{ {}, features = [\"{feature}\"] }}\n```\n", target.requirement);
    _ = writeln!(text, "A provider's name switches on all its families, `all` switches on everything.\n");
    _ = writeln!(text, "## Models ({})\n\n{}", catalog.models.len(), table(catalog).join("\n"));
    text
}

/// `src/models.rs`: the same table for people who read the docs. rustdoc alone reads the file.
#[must_use]
pub fn models(catalog: &Catalog, target: &Target) -> RustFile {
    let mut docs = vec!["Every model, with its module and the feature that switches it on.".to_owned(), String::new()];
    docs.extend(table(catalog));
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: text(docs), items: Vec::new() }
}

/// The lines of a Markdown table: a model's id, name, module and feature.
fn table(catalog: &Catalog) -> Vec<String> {
    let head = ["| model | name | module | feature |", "|---|---|---|---|"].map(str::to_owned);
    let rows = catalog.models.iter().map(|model| {
        let module = &model.module;
        let path = format!("{}::{}::{}", module.provider, module.family, module.variant);
        format!("| `{}` | {} | `{path}` | `{}` |", model.id, docs::prose(&model.display_name), module.feature)
    });
    head.into_iter().chain(rows).collect()
}
