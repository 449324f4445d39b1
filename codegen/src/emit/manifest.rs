//! The catalogue in, the generated crate's `Cargo.toml` out: one feature for each family, one for each provider, `all`.
//! Knows Cargo's format, not Rust's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::Target;
use super::index::SOURCE;
use crate::ir::{Catalog, Model, Rule};
use crate::package::{ClientCrate, Placement};

/// The text of `Cargo.toml`.
#[must_use]
pub fn manifest(catalog: &Catalog, placement: &Placement, target: &Target) -> String {
    let mut text = header(target);
    text.push_str("\n[package]\nname = \"runcomfy\"\n");
    text.push_str(
        "description = \"Typed, documented, validated inputs for RunComfy's image, video and audio models\"\n",
    );
    text.push_str("readme = \"README.md\"\nkeywords = [\"runcomfy\", \"comfyui\", \"ai\", \"image\", \"video\"]\n");
    text.push_str("categories = [\"api-bindings\", \"multimedia\"]\n");
    text.push_str(&about(placement));
    text.push_str("\n[package.metadata.docs.rs]\nall-features = true\n\n[features]\n");
    for (comment, lines) in features(catalog) {
        _ = writeln!(text, "# {comment}");
        for (name, parts) in lines {
            let parts: Vec<String> = parts.into_iter().map(quoted).collect();
            _ = writeln!(text, "{name} = [{}]", parts.join(", "));
        }
    }
    text.push_str("\n[dependencies]\n");
    match placement {
        Placement::Workspace => text.push_str("runcomfy-client = { workspace = true }\n\n[lints]\nworkspace = true\n"),
        Placement::Standalone(own) => {
            let client = match &own.client {
                ClientCrate::Path(path) => format!("path = {}", quoted(&path.display().to_string())),
                ClientCrate::Version(version) => format!("version = {}", quoted(version)),
            };
            // An own workspace: this crate builds wherever it lies, also inside somebody else's.
            _ = writeln!(text, "runcomfy-client = {{ {client}, default-features = false }}\n\n[workspace]");
        }
    }
    text
}

/// The keys that every crate of a workspace shares.
fn about(placement: &Placement) -> String {
    let keys = ["version", "edition", "rust-version", "license"];
    let lines = match placement {
        Placement::Workspace => keys.map(|key| format!("{key}.workspace = true\n")),
        Placement::Standalone(own) => {
            let license = own.license.as_deref();
            let values = [Some(&*own.version), Some(&*own.edition), Some(&*own.rust_version), license];
            let line = |at: usize| match values[at] {
                Some(value) => format!("{} = {}\n", keys[at], quoted(value)),
                None => "publish = false\n".to_owned(),
            };
            [0, 1, 2, 3].map(line)
        }
    };
    lines.concat()
}

/// What the runtime must be able to do for the models, as features of `runcomfy-client`.
#[must_use]
pub fn runtime_features(catalog: &Catalog) -> BTreeSet<&'static str> {
    let needs = catalog.models.iter().flat_map(needs);
    needs.filter_map(|feature| feature.strip_prefix("runcomfy-client/")).collect()
}

/// Features with what each switches on.
type Lines<'c> = Vec<(&'c str, BTreeSet<&'c str>)>;

/// The features of the crate by what they are for: a comment, and each feature with what it switches on.
#[must_use]
pub fn features(catalog: &Catalog) -> Vec<(&'static str, Lines<'_>)> {
    let mut families: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut providers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for model in &catalog.models {
        let module = &model.module;
        families.entry(&module.feature).or_default().extend(needs(model));
        providers.entry(&module.provider_feature).or_default().insert(&module.feature);
    }
    let one = |name, parts: &[&'static str]| vec![(name, parts.iter().copied().collect())];
    let mut all = vec![
        ("On unless switched off.", one("default", &["client"])),
        ("What runs jobs.", one("client", &["runcomfy-client/http"])),
        ("The same for programs without async.", one("blocking", &["client", "runcomfy-client/blocking"])),
        ("Cryptography by aws-lc instead of ring.", one("aws-lc", &["client", "runcomfy-client/aws-lc"])),
        (
            "The system's certificate authorities, too.",
            one("native-roots", &["client", "runcomfy-client/native-roots"]),
        ),
        ("Media inputs from disk.", one("files", &["runcomfy-client/files"])),
        ("Every model.", vec![("all", providers.keys().copied().collect())]),
        ("All families of a provider.", providers.into_iter().collect()),
        ("One family each.", families.into_iter().collect()),
        ("JSON Schema of inputs and outputs.", one("schemars", &["runcomfy-client/schemars"])),
    ];
    all.retain(|(_, lines)| !lines.is_empty());
    all
}

/// The text of `rustfmt.toml`: rustfmt leaves the crate alone; on stable, only this setting does that for a whole crate.
#[must_use]
pub fn rustfmt(target: &Target) -> String {
    format!("{}disable_all_formatting = true\n", header(target))
}

fn header(target: &Target) -> String {
    target.header(SOURCE).iter().map(|line| format!("# {line}\n")).collect()
}

/// What the runtime must be able to do for this model.
fn needs(model: &Model) -> impl Iterator<Item = &'static str> + use<> {
    let (mut pattern, mut validations, mut fragments) = (false, false, false);
    let mut visit = |rule: &Rule| match rule {
        Rule::Pattern(_) => pattern = true,
        Rule::Validation { .. } => validations = true,
        Rule::Fragment { .. } => fragments = true,
        _ => {}
    };
    for object in model.types.iter().filter_map(|of| of.kind.object()) {
        let of_fields = object.fields.iter().flat_map(|field| &field.rules);
        object.rules.iter().chain(of_fields).for_each(|rule| rule.visit(&mut visit));
    }
    let needs = [
        (pattern, "runcomfy-client/pattern"),
        (validations, "runcomfy-client/validations"),
        (fragments, "runcomfy-client/fragments"),
    ];
    needs.into_iter().filter_map(|(needed, feature)| needed.then_some(feature))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
