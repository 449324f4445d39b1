//! The catalogue in, the list of models out, as the generated crate's README and in its docs: how to start, and which
//! model lives where, takes what and gives what.

use std::fmt::Write as _;

use super::index::SOURCE;
use super::{Target, docs};
use crate::file::{RustFile, text};
use crate::ir::{Catalog, Model, Module, Output, Ty, TypeKind};

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
    let source = |module: &Module| format!("src/{}/{}/{}.rs", module.provider, module.family, module.variant);
    let table = table(catalog, source).join("\n");
    _ = writeln!(text, "## Models ({})\n\n{}\n\n{table}", catalog.models.len(), origins(catalog).join("\n"));
    text
}

/// Where what is known of the models was read, and of which day it is, each with the number of models.
fn origins(catalog: &Catalog) -> Vec<String> {
    let line = |(origin, count)| format!("- {count} {}: {origin}", if count == 1 { "model" } else { "models" });
    docs::origins(catalog).into_iter().map(line).collect()
}

/// `src/models.rs`: the same table for people who read the docs. rustdoc alone reads the file.
#[must_use]
pub fn models(catalog: &Catalog, target: &Target) -> RustFile {
    let mut docs = vec![
        "Every model, with the feature that switches it on, what its input must have and what its output may hold."
            .to_owned(),
        String::new(),
    ];
    // A link by Rust's paths would be broken wherever the model is switched off.
    let page = |module: &Module| format!("../{}/{}/{}/index.html", module.provider, module.family, module.variant);
    docs.extend(origins(catalog));
    docs.push(String::new());
    docs.extend(table(catalog, page));
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: text(docs), items: Vec::new() }
}

/// The lines of a Markdown table; `link` says where a model's module is to be found.
fn table(catalog: &Catalog, link: impl Fn(&Module) -> String) -> Vec<String> {
    let head = ["| feature | model | takes | gives | id | name |", "|---|---|---|---|---|---|"].map(str::to_owned);
    let rows = catalog.models.iter().map(|model| {
        let module = &model.module;
        let path = format!("{}::{}::{}", module.provider, module.family, module.variant);
        let (takes, gives) = (list(takes(model)), list(gives(model, catalog)));
        let name = docs::prose(&model.display_name);
        format!("| `{}` | [`{path}`]({}) | {takes} | {gives} | `{}` | {name} |", module.feature, link(module), model.id)
    });
    head.into_iter().chain(rows).collect()
}

/// The fields that an input must have.
fn takes(model: &Model) -> Vec<&str> {
    match model.types.first().map(|input| &input.kind) {
        Some(TypeKind::Object(input)) => {
            input.required.iter().map(|place| input.fields[*place].json.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The fields that an output may have.
fn gives<'c>(model: &'c Model, catalog: &'c Catalog) -> Vec<&'c str> {
    let kind = match &model.output {
        Output::Own(Ty::Named(id)) => Some(&model.types[*id].kind),
        Output::Own(_) => None,
        Output::Shared(name) => {
            let shape = catalog.shared.iter().find_map(|shape| shape.types.iter().find(|of| of.name == *name));
            shape.map(|shape| &shape.kind)
        }
    };
    match kind {
        Some(TypeKind::Object(output)) => output.fields.iter().map(|field| field.json.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Names in a cell of a table; a bar in one would end the cell.
fn list(names: Vec<&str>) -> String {
    names.into_iter().map(|name| docs::code(name).replace('|', "\\|")).collect::<Vec<_>>().join(", ")
}
