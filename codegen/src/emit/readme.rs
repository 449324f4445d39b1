//! The catalogue in, the generated crate's README out: how to start, and which model lives where.

use std::fmt::Write as _;

use super::docs;
use crate::ir::Catalog;
use crate::render::header;

/// The text of `README.md`.
#[must_use]
pub fn readme(catalog: &Catalog) -> String {
    let mut text = format!("<!-- {} -->\n\n# runcomfy\n\n", header("the schema folder"));
    text.push_str(
        "Typed, documented, validated inputs for RunComfy's models. Switch on the families you use:\n\n```toml\n\
         [dependencies]\n",
    );
    let feature = catalog.models.first().map_or("all", |model| &model.module.feature);
    _ = writeln!(text, "runcomfy = {{ version = \"0.1\", features = [\"{feature}\"] }}\n```\n");
    _ = writeln!(text, "A provider's name switches on all its families, `all` switches on everything.\n");
    _ = writeln!(
        text,
        "## Models ({})\n\n| model | name | module | feature |\n|---|---|---|---|",
        catalog.models.len()
    );
    for model in &catalog.models {
        let module = &model.module;
        let path = format!("{}::{}::{}", module.provider, module.family, module.variant);
        let name = docs::prose(&model.display_name);
        _ = writeln!(text, "| `{}` | {name} | `{path}` | `{}` |", model.id, module.feature);
    }
    text
}
