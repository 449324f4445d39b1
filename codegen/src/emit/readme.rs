//! The catalogue in, the list of models out, as the generated crate's README and in its docs: how to start, and where each
//! model is.

use std::fmt::Write as _;

use super::Target;
use super::index::SOURCE;
use super::listing::{self, Page};
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
    let groups = listing::grouped(&catalog.models);
    _ = writeln!(text, "## Models ({})\n\nBy what people look for:\n", catalog.models.len());
    let blank = || vec![String::new()];
    let legend = listing::legend(catalog);
    let tables = listing::sections(&groups, "###", Page::Readme);
    let lines = [listing::contents(&groups, ""), blank(), legend, blank(), tables];
    _ = writeln!(text, "{}", lines.concat().join("\n").trim_end());
    text
}

/// `src/models.rs`: the same tables for people who read the docs. rustdoc alone reads the file.
#[must_use]
pub fn models(catalog: &Catalog, target: &Target) -> RustFile {
    let groups = listing::grouped(&catalog.models);
    let head = "Every model, by what people look for, with the feature that switches it on:".to_owned();
    let blank = String::new;
    let mut docs = vec![head, blank()];
    docs.extend(listing::contents(&groups, ""));
    docs.extend([vec![blank()], listing::legend(catalog), vec![blank()]].concat());
    docs.extend(listing::sections(&groups, "#", Page::Models));
    docs.pop();
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: text(docs), items: Vec::new() }
}
