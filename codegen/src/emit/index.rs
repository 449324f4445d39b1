//! The catalogue in, the files that hold it together out: the crate root, one module for each provider and each family.
//! A module that is switched off is not even parsed.

use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

use super::{docs, ident};
use crate::ir::{Catalog, Choice, Field, Media, Model, Object, Ty, TypeKind};
use crate::render::RustFile;

pub(super) const SOURCE: &str = "the schema folder";

/// `src/lib.rs`
#[must_use]
pub fn crate_root(catalog: &Catalog) -> RustFile {
    let mut items = vec![quote! {
        #[doc(inline)]
        pub use runcomfy_client::{
            AudioInput, ImageInput, InvalidInput, Json, MediaSource, Model, UnknownChoice, UnknownValue, VideoInput, Violation, ViolationKind,
        };
    }];
    items.push(quote! {
        #[cfg(feature = "schemars")]
        pub use runcomfy_client::schemars;
    });
    let providers: BTreeSet<&str> = catalog.models.iter().map(|model| model.module.provider.as_str()).collect();
    for provider in providers {
        let models = catalog.models.iter().filter(|model| model.module.provider == provider);
        let features: BTreeSet<&str> = models.map(|model| model.module.feature.as_str()).collect();
        let features: Vec<&str> = features.into_iter().collect();
        let name = ident(provider);
        let gate = match features.len() {
            1 => quote!(#(feature = #features)*),
            _ => quote!(any(#(feature = #features),*)),
        };
        items.push(quote!(#[cfg(#gate)] pub mod #name;));
    }
    items.push(quote!(
        #[cfg(doc)]
        pub mod models;
    ));
    if !catalog.shared.is_empty() {
        items.push(quote!(
            pub mod shared;
        ));
    }
    RustFile { source: SOURCE.to_owned(), docs: crate_docs(catalog), items }
}

/// `src/<provider>.rs`
#[must_use]
pub fn provider(provider: &str, models: &[&Model]) -> RustFile {
    let families: BTreeSet<(&str, &str)> =
        models.iter().map(|model| (model.module.family.as_str(), model.module.feature.as_str())).collect();
    let items = families.into_iter().map(|(family, feature)| {
        let name = ident(family);
        let same = same_name(provider, family);
        quote!(#[cfg(feature = #feature)] #same pub mod #name;)
    });
    let docs = vec![format!("The models of {}.", docs::code(provider_of(models).unwrap_or(provider)))];
    RustFile { source: SOURCE.to_owned(), docs, items: items.collect() }
}

fn provider_of<'m>(models: &[&'m Model]) -> Option<&'m str> {
    models.first()?.id.split('/').next()
}

/// Ids such as `elevenlabs/elevenlabs/…` give a module the name of the one around it.
fn same_name(outer: &str, inner: &str) -> Option<TokenStream> {
    let expect = || quote!(#[expect(clippy::module_inception, reason = "the published id repeats the name")]);
    (outer == inner).then(expect)
}

/// `src/<provider>/<family>.rs`
#[must_use]
pub fn family(models: &[&Model]) -> RustFile {
    let items: Vec<TokenStream> = models
        .iter()
        .map(|model| {
            let name = ident(&model.module.variant);
            let same = same_name(&model.module.family, &model.module.variant);
            quote!(#same pub mod #name;)
        })
        .collect();
    let feature = models.first().map(|model| model.module.feature.as_str()).unwrap_or_default();
    let family =
        models.first().map(|model| model.id.split('/').take(2).collect::<Vec<_>>().join("/")).unwrap_or_default();
    let docs = vec![
        format!("The models of the family {}.", docs::code(&family)),
        String::new(),
        format!("Switched on by the feature {}.", docs::code(feature)),
    ];
    RustFile { source: SOURCE.to_owned(), docs, items }
}

fn crate_docs(catalog: &Catalog) -> Vec<String> {
    let mut lines: Vec<String> = INTRODUCTION.lines().map(str::to_owned).collect();
    if let Some((model, code)) = catalog.models.iter().find_map(|model| Some((model, example(model)?))) {
        let feature = &model.module.feature;
        lines.push(String::new());
        lines.push(format!("With the feature `{feature}` on:"));
        lines.push(String::new());
        // Only where the model is switched on can its example be compiled.
        lines.push(format!("{FENCE_MARK}{feature}"));
        lines.extend(code);
        lines.push("```".to_owned());
    }
    lines.extend(REST.lines().map(str::to_owned));
    lines
}

/// Stands for the opening fence of an example in a feature; [`crate::render`] makes an attribute of it.
pub(crate) const FENCE_MARK: &str = "```feature=";

const INTRODUCTION: &str = "\
Typed inputs for RunComfy's image, video and audio models.

Each model is a module, `provider::family::variant`, with a type `Input`: readable names where the API has node ids, a
setter for each field, and every published rule checked before a paid job is sent. Each family of models is a Cargo
feature, each provider is one, and `all` is all of them; none is on by default. The module [`models`](mod@models)
lists them all.";

const REST: &str = "
- An optional field that is not set is not sent, so the server's default applies. Published defaults are in the docs of
  each field and in [`Model::SCHEMA`]; for prompts and media they are samples of the playground.
- [`Model::validate`] reports everything that is wrong at once, as a list of [`Violation`]s.
- `Serialize` and `Deserialize` use the readable names, so a stored input survives a renumbering of the nodes;
  [`Model::to_wire`] and [`Model::from_wire`] use the keys of the API.
- A key that the server learned after this release goes into the field `extra`.
- With the feature `schemars`, inputs and outputs have a JSON Schema with readable names, for language models that call
  tools and for OpenAPI documents.";

/// A few lines that build the model's input, if its required fields are of simple types.
fn example(model: &Model) -> Option<Vec<String>> {
    let TypeKind::Object(input) = &model.types.first()?.kind else { return None };
    let mut enums = BTreeSet::new();
    let mut media = BTreeSet::new();
    let required: Option<Vec<(&Field, String)>> = input
        .required
        .iter()
        .map(|place| {
            let field = &input.fields[*place];
            Some((field, sample(field, model, &mut enums, &mut media)?))
        })
        .collect();
    let required = required?;
    let distinct: BTreeSet<String> = required.iter().map(|(field, _)| format!("{:?}", field.ty)).collect();
    if required.is_empty() || required.len() > 5 || distinct.len() < required.len() {
        return None;
    }
    let setters = setters(input, model, &mut enums);
    let module = &model.module;
    let types = std::iter::once("Input".to_owned()).chain(enums).collect::<Vec<_>>().join(", ");
    let media: String = media.into_iter().map(|name| format!(", {name}")).collect();
    let arguments: Vec<&str> = required.iter().map(|(_, value)| value.as_str()).collect();
    let mut lines = vec![
        format!("use runcomfy::{}::{}::{}::{{{types}}};", module.provider, module.family, module.variant),
        format!("use runcomfy::{{Model as _{media}}};"),
        String::new(),
        format!("let input = Input::new({})", arguments.join(", ")),
    ];
    lines.extend(setters.into_iter().map(|setter| format!("    {setter}")));
    if let Some(last) = lines.last_mut() {
        last.push(';');
    }
    lines.push("input.validate()?;".to_owned());
    lines.push("println!(\"{}\", input.to_wire());".to_owned());
    lines.push("# Ok::<(), runcomfy::InvalidInput>(())".to_owned());
    Some(lines)
}

/// Up to two setters with values that are certainly allowed.
fn setters(input: &Object, model: &Model, enums: &mut BTreeSet<String>) -> Vec<String> {
    let optional = input.fields.iter().filter(|field| !field.required);
    let known = optional
        .filter(|field| matches!(field.ty, Ty::I64 | Ty::F64 | Ty::Bool | Ty::Named(_)) && field.default.is_some());
    let mut unused = BTreeSet::new();
    let calls =
        known.filter_map(|field| Some(format!(".{}({})", field.name, sample(field, model, enums, &mut unused)?)));
    calls.take(2).collect()
}

fn sample(
    field: &Field,
    model: &Model,
    enums: &mut BTreeSet<String>,
    media: &mut BTreeSet<&'static str>,
) -> Option<String> {
    let default = field.default.as_ref();
    Some(match &field.ty {
        Ty::Text if field.rules.len() <= 1 => "\"A lone figure at golden hour\"".to_owned(),
        Ty::Media(kind) => {
            let (name, file) = match kind {
                Media::Image => ("ImageInput", "reference.png"),
                Media::Video => ("VideoInput", "clip.mp4"),
                Media::Audio => ("AudioInput", "voice.mp3"),
            };
            media.insert(name);
            format!("{name}::url(\"https://example.com/{file}\")")
        }
        Ty::I64 => default?.as_i64()?.to_string(),
        Ty::F64 => format!("{:?}", default?.as_f64()?),
        Ty::Bool => default?.as_bool()?.to_string(),
        Ty::Named(id) => {
            let TypeKind::Choice(Choice { values, .. }) = &model.types[*id].kind else { return None };
            let name = &model.types[*id].name;
            enums.insert(name.clone());
            format!("{name}::{}", values.first()?.variant)
        }
        _ => return None,
    })
}
