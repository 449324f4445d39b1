//! Models in, Markdown that lists them out: grouped by what people look for, each with its feature, its module, what it takes
//! and gives, its resolutions and its price. Knows neither files nor Rust.

use std::collections::BTreeMap;

use super::docs;
use crate::ir::{Capability, Catalog, Modality, Model, Module};
use crate::manifest::Price;

/// Models by what people look for, as they are looked for.
pub(super) type Groups<'m> = BTreeMap<Capability, Vec<&'m Model>>;

/// The models in groups.
#[must_use]
pub(super) fn grouped<'m>(models: impl IntoIterator<Item = &'m Model>) -> Groups<'m> {
    let mut groups = Groups::new();
    for model in models {
        groups.entry(model.profile.capability).or_default().push(model);
    }
    groups
}

/// The path of a model's module within the crate.
#[must_use]
pub(super) fn path(module: &Module) -> String {
    format!("{}::{}::{}", module.provider, module.family, module.variant)
}

/// The groups with their numbers of models, in one line: `text to image (13), edit images (11)`.
#[must_use]
pub(super) fn summary(groups: &Groups<'_>) -> String {
    let one = |(capability, models): (&Capability, &Vec<&Model>)| match models.len() {
        1 => capability.title().to_lowercase(),
        more => format!("{} ({more})", capability.title().to_lowercase()),
    };
    groups.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The groups as a list of links into the page that has them. That page itself, for which `page` is empty, has their numbers of
/// models; elsewhere these would change with every model.
#[must_use]
pub(super) fn contents(groups: &Groups<'_>, page: &str) -> Vec<String> {
    let one = |(capability, models): (&Capability, &Vec<&Model>)| {
        let link = format!("- [{}]({page}#{})", capability.title(), anchor(*capability));
        if page.is_empty() { format!("{link}: {}", counted(models.len())) } else { link }
    };
    groups.iter().map(one).collect()
}

/// The anchor that rustdoc and GitHub give a heading.
fn anchor(capability: Capability) -> String {
    capability.title().to_lowercase().replace(' ', "-")
}

/// `1 model`, `2 models`
#[must_use]
pub(super) fn counted(models: usize) -> String {
    if models == 1 { "1 model".to_owned() } else { format!("{models} models") }
}

/// A group for each thing that people look for: a heading with these marks, and a table.
#[must_use]
pub(super) fn sections(groups: &Groups<'_>, marks: &str, page: Page) -> Vec<String> {
    let section = |(capability, models): (&Capability, &Vec<&Model>)| {
        let head = [format!("{marks} {}", capability.title()), String::new()];
        head.into_iter().chain(table(models, page)).chain([String::new()]).collect::<Vec<_>>()
    };
    groups.iter().flat_map(section).collect()
}

/// Which page a table stands on, and with that what goes without saying.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The crate's README, with all models in groups.
    Readme,
    /// The page of all models in the docs.
    Models,
    /// A provider's page there.
    Provider,
    /// A family's.
    Family,
}

impl Page {
    /// A model's module as a link, with as much of its path as the page doesn't say.
    fn link(self, module: &Module) -> String {
        let Module { provider, family, variant, .. } = module;
        // A link by Rust's paths would be broken wherever the model is switched off.
        let (shown, link) = match self {
            Self::Readme => return format!("[`{}`](src/{provider}/{family}/{variant}.rs)", path(module)),
            Self::Models => (path(module), format!("../{provider}/{family}/{variant}/index.html")),
            Self::Provider => (format!("{family}::{variant}"), format!("{family}/{variant}/index.html")),
            Self::Family => (variant.clone(), format!("{variant}/index.html")),
        };
        // May be broken after each `::`, so that a narrow page shows all of it.
        format!("[<code>{}</code>]({link})", shown.replace('_', "\\_").replace("::", "::<wbr>"))
    }
}

/// What tables say of a model that may take more than its types have.
const LACKING: &str = "not complete";

/// The lines of a table. What no model of it has, has no column.
#[must_use]
pub(super) fn table(models: &[&Model], page: Page) -> Vec<String> {
    let has_price = models.iter().any(|model| model.price.is_some());
    let has_resolutions = models.iter().any(|model| !model.profile.resolutions.is_empty());
    let is_grouped = matches!(page, Page::Readme | Page::Models);
    let cells = |model: &Model| -> Vec<(&str, String)> {
        let name = match docs::prose(&model.display_name) {
            none if none.is_empty() => none,
            name => format!("<br>{name}"),
        };
        let lack = if model.incomplete.is_empty() { String::new() } else { format!("<br>*{LACKING}*") };
        let cells = [
            (page != Page::Family).then(|| ("feature", format!("`{}`", model.module.feature))),
            Some(("model", format!("{}{name}{lack}", page.link(&model.module)))),
            (!is_grouped).then(|| ("for", model.profile.capability.title().to_lowercase())),
            Some(("takes", takes(model))),
            Some(("gives", gives(model))),
            has_resolutions.then(|| ("resolutions", model.profile.resolutions.join(", "))),
            has_price.then(|| ("base price", model.price.as_ref().map(price).unwrap_or_default())),
        ];
        cells.into_iter().flatten().collect()
    };
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let rows: Vec<Vec<(&str, String)>> = models.iter().map(|model| cells(model)).collect();
    let head: Vec<String> = rows.iter().take(1).flatten().map(|(title, _)| (*title).to_owned()).collect();
    let rule = format!("|{}", "---|".repeat(head.len()));
    let rows = rows.into_iter().map(|row| line(row.into_iter().map(|(_, cell)| cell).collect()));
    [line(head), rule].into_iter().chain(rows).collect()
}

/// What every input has and, in parentheses, what it may have.
#[must_use]
pub(super) fn takes(model: &Model) -> String {
    let profile = &model.profile;
    let optional: Vec<Modality> =
        profile.takes.iter().filter(|taken| !profile.requires.contains(taken)).copied().collect();
    match (words(&profile.requires), words(&optional)) {
        (required, none) if none.is_empty() => required,
        (none, optional) if none.is_empty() => format!("({optional})"),
        (required, optional) => format!("{required} ({optional})"),
    }
}

/// What the model makes, or may make.
#[must_use]
pub(super) fn gives(model: &Model) -> String {
    match words(&model.profile.gives) {
        none if none.is_empty() => "not known".to_owned(),
        given => given,
    }
}

fn words(modalities: &[Modality]) -> String {
    modalities.iter().map(|modality| modality.as_str()).collect::<Vec<_>>().join(", ")
}

/// A base price with its unit: never what a job costs.
#[must_use]
pub(super) fn price(price: &Price) -> String {
    format!("{} USD per {}", price.base_usd, docs::prose(&price.unit))
}

/// How to read the tables, where all of it was read and of which day it is, and what is known of prices.
#[must_use]
pub(super) fn legend(catalog: &Catalog) -> Vec<String> {
    let models = &catalog.models;
    let prices = match models.iter().filter(|model| model.price.is_some()).count() {
        0 => "Prices are not known as of the days on which this was read.",
        all if all == models.len() => "Base prices are for a unit: what a job costs depends on its input.",
        _ => "Base prices are for a unit, where they are known: what a job costs depends on its input.",
    };
    let mut first = format!("What a model takes in parentheses may be left out. {prices}");
    if models.iter().any(|model| !model.incomplete.is_empty()) {
        first += &format!(
            " A model that is *{LACKING}* may take more than its types have: its page names it, and `Input::extra` sends it."
        );
    }
    let mut lines = vec![first, String::new(), "Where and when this was read:".to_owned(), String::new()];
    let line = |(origin, count)| format!("- {}: {origin}", counted(count));
    lines.extend(docs::origins(catalog).into_iter().map(line));
    lines
}
