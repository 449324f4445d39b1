//! The catalogue in, the list of models out, as the generated crate's README and in its docs: how to start, and which
//! model lives where.

use std::fmt::Write as _;

use super::docs;
use super::index::SOURCE;
use crate::ir::Catalog;
use crate::render::{RustFile, header};

/// The text of `README.md`.
#[must_use]
pub fn readme(catalog: &Catalog) -> String {
    let mut text = format!("<!-- {} -->\n\n# runcomfy\n\n", header(SOURCE));
    text.push_str(
        "Typed, documented, validated inputs for RunComfy's models. Switch on the families you use:\n\n```toml\n\
         [dependencies]\n",
    );
    let feature = catalog.models.first().map_or("all", |model| &model.module.feature);
    _ = writeln!(text, "runcomfy = {{ version = \"0.1\", features = [\"{feature}\"] }}\n```\n");
    _ = writeln!(text, "A provider's name switches on all its families, `all` switches on everything.\n");
    _ = writeln!(text, "## Models ({})\n\n{}", catalog.models.len(), table(catalog).join("\n"));
    text
}

/// `src/models.rs`: the same table for people who read the docs. rustdoc alone reads the file.
#[must_use]
pub fn models(catalog: &Catalog) -> RustFile {
    let mut docs = vec!["Every model, with its module and the feature that switches it on.".to_owned(), String::new()];
    docs.extend(table(catalog));
    RustFile { source: SOURCE.to_owned(), docs, items: Vec::new() }
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
