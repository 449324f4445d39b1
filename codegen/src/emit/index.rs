//! The catalogue in, the files that hold it together out: the crate root, one module for each provider and each family.
//! A module that is switched off is not even parsed.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

use super::example::Example;
use super::listing::{self, Page};
use super::{Target, docs, ident};
use crate::file::{DocLine, RustFile, text};
use crate::ir::{Catalog, Modality, Model, Profile};

pub(super) const SOURCE: &str = "the schema folder";

/// `src/lib.rs`
#[must_use]
pub fn crate_root(catalog: &Catalog, target: &Target) -> RustFile {
    let mut items = vec![quote! {
        #[doc(inline)]
        pub use runcomfy_client::{
            AudioInput, Capability, CheckError, Digest, Extra, ImageInput, InvalidInput, Json, MediaKind, MediaSource, Modality, Model, ModelInfo, NoDigest, PathPart, Price, UnknownChoice, UnknownValue, VideoInput, Violation, ViolationKind, schema,
        };
    }];
    items.push(quote! {
        #[cfg(feature = "client")]
        pub use runcomfy_client::{Stream, reqwest};
    });
    items.push(quote! {
        #[cfg(feature = "client")]
        #[doc(inline)]
        pub use runcomfy_client::http::*;
    });
    items.push(quote! {
        #[cfg(feature = "blocking")]
        #[doc(inline)]
        pub use runcomfy_client::blocking;
    });
    items.push(quote! {
        #[cfg(feature = "files")]
        #[doc(inline)]
        pub use runcomfy_client::{MAX_BODY_BYTES, MediaFileError};
    });
    items.push(quote! {
        #[cfg(feature = "schemars")]
        pub use runcomfy_client::{schemars, tool};
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
    items.extend(registry(catalog));
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: crate_docs(catalog), items }
}

/// The models as data. Each family lists its own, so that the list of one that is switched off is not even parsed.
fn registry(catalog: &Catalog) -> [TokenStream; 3] {
    let families: BTreeSet<(&str, &str, &str)> = catalog
        .models
        .iter()
        .map(|Model { module, .. }| (module.provider.as_str(), module.family.as_str(), module.feature.as_str()))
        .collect();
    let families = families.into_iter().map(|(provider, family, feature)| {
        let (provider, family) = (ident(provider), ident(family));
        quote!(#[cfg(feature = #feature)] #provider::#family::MODELS)
    });
    [
        quote! {
            /// The models that are switched on, family by family.
            #[inline]
            pub fn models() -> impl Iterator<Item = &'static ModelInfo> + Clone {
                FAMILIES.iter().copied().flatten()
            }
        },
        quote! {
            /// Checks JSON with wire keys, for a model that is chosen at run time, by the same table as the model's own type.
            ///
            /// What only Rust's types refuse passes: integers beyond them, and names that a form of a union does not have.
            ///
            /// # Errors
            /// [`CheckError`]: no model of this id is switched on, or the input breaks its schema.
            #[inline]
            pub fn check_json(model_id: &str, input: &Json) -> Result<(), CheckError> {
                runcomfy_client::rt::check_model(models(), model_id, input)
            }
        },
        quote! {
            static FAMILIES: &[&[ModelInfo]] = &[#(#families),*];
        },
    ]
}

/// `src/<provider>.rs`
#[must_use]
pub fn provider(provider: &str, models: &[&Model], target: &Target) -> RustFile {
    let families: BTreeSet<(&str, &str)> =
        models.iter().map(|model| (model.module.family.as_str(), model.module.feature.as_str())).collect();
    let items = families.into_iter().map(|(family, feature)| {
        let name = ident(family);
        let same = same_name(provider, family);
        quote!(#[cfg(feature = #feature)] #same pub mod #name;)
    });
    let name = docs::code(provider_of(models).unwrap_or(provider));
    let groups = listing::grouped(models.iter().copied());
    let head = format!("{}: {}", listing::counted(models.len()), listing::summary(&groups));
    let mut docs = vec![head, String::new(), format!("The models of {name}, family by family."), String::new()];
    docs.extend(listing::table(models, Page::Provider));
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: text(docs), items: items.collect() }
}

fn provider_of<'m>(models: &[&'m Model]) -> Option<&'m str> {
    models.first()?.id.split('/').next()
}

/// Ids such as `elevenlabs/elevenlabs/…` give a module the name of the one around it.
pub(super) fn same_name(outer: &str, inner: &str) -> Option<TokenStream> {
    let expect = || quote!(#[expect(clippy::module_inception, reason = "the published id repeats the name")]);
    (outer == inner).then(expect)
}

/// `src/<provider>/<family>.rs`
#[must_use]
pub fn family(models: &[&Model], target: &Target) -> RustFile {
    let items: Vec<TokenStream> = models
        .iter()
        .map(|model| {
            let name = ident(&model.module.variant);
            let same = same_name(&model.module.family, &model.module.variant);
            quote!(#same pub mod #name;)
        })
        .chain([list(models)])
        .collect();
    let feature = models.first().map(|model| model.module.feature.as_str()).unwrap_or_default();
    let family =
        models.first().map(|model| model.id.split('/').take(2).collect::<Vec<_>>().join("/")).unwrap_or_default();
    let groups = listing::grouped(models.iter().copied());
    let mut docs = vec![
        format!("{}: {}", listing::counted(models.len()), listing::summary(&groups)),
        String::new(),
        format!(
            "The models of the family {}, switched on by the feature {}.",
            docs::code(&family),
            docs::code(feature)
        ),
        String::new(),
    ];
    docs.extend(listing::table(models, Page::Family));
    RustFile { source: SOURCE.to_owned(), header: target.header(SOURCE), docs: text(docs), items }
}

/// The models of a family as data.
fn list(models: &[&Model]) -> TokenStream {
    let infos = models.iter().map(|model| {
        let variant = ident(&model.module.variant);
        let about = about(model);
        quote!(runcomfy_client::rt::model_info::<#variant::Input>(#about))
    });
    quote!(pub(crate) static MODELS: &[runcomfy_client::ModelInfo] = &[#(#infos),*];)
}

/// What a model's types don't say of it.
fn about(model: &Model) -> TokenStream {
    let Profile { capability, requires, takes, gives, resolutions } = &model.profile;
    let (module, feature) = (listing::path(&model.module), &model.module.feature);
    let (display_name, as_of, incomplete) = (&model.display_name, &model.facts.as_of, &model.incomplete);
    let capability = ident(&format!("{capability:?}"));
    let modalities = |found: &[Modality]| {
        let found = found.iter().map(|one| ident(&format!("{one:?}")));
        quote!(&[#(runcomfy_client::Modality::#found),*])
    };
    let (requires, takes, gives) = (modalities(requires), modalities(takes), modalities(gives));
    let page = optional(model.page.as_ref());
    let price = optional(model.price.as_ref().map(|price| {
        let (base, unit, note) = (Literal::f64_suffixed(price.base_usd), &price.unit, optional(price.note.as_ref()));
        quote!(runcomfy_client::Price::new(#base, #unit, #note))
    }));
    quote!(runcomfy_client::rt::About {
        module: #module,
        feature: #feature,
        display_name: #display_name,
        page: #page,
        capability: runcomfy_client::Capability::#capability,
        requires: #requires,
        takes: #takes,
        gives: #gives,
        resolutions: &[#(#resolutions),*],
        price: #price,
        as_of: #as_of,
        incomplete: &[#(#incomplete),*],
    })
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// The first model whose input is easy to build, with an example of it.
fn first_example(catalog: &Catalog) -> Option<(&Model, Example)> {
    let mut examples = catalog.models.iter().filter_map(|model| Some((model, Example::of(model)?)));
    examples.find(|(_, example)| example.is_plain)
}

fn crate_docs(catalog: &Catalog) -> Vec<DocLine> {
    let mut lines = text(INTRODUCTION.lines());
    let groups = listing::grouped(&catalog.models);
    lines.push(DocLine::Text(String::new()));
    lines.extend(text(listing::contents(&groups, "models/index.html")));
    if let Some((model, example)) = first_example(catalog) {
        let feature = &model.module.feature;
        // Only where the model is switched on can its example be compiled.
        let on = format!("feature = \"{feature}\"");
        lines.extend(text(["", &format!("With the feature `{feature}` on:"), ""]));
        lines.extend(example.run(&format!("all(feature = \"client\", {on})")));
        lines.extend(text(["", CHECK, ""]));
        lines.push(DocLine::Fence { kind: "", gate: on });
        lines.extend(text(example.check()));
        lines.extend(text(["```"]));
    }
    lines.extend(text(REST.lines()));
    lines.extend(text(["", "Where the facts about the models come from, and of which day they are:", ""]));
    // Without counts, which would change with every model.
    lines.extend(text(docs::origins(catalog).into_keys().map(|origin| format!("- {origin}"))));
    // docs.rs shows which feature each item needs.
    lines.push(DocLine::Attribute("cfg_attr(docsrs, feature(doc_cfg))"));
    lines
}

const INTRODUCTION: &str = "\
Typed inputs for RunComfy's image, video and audio models.

Each model is a module, `provider::family::variant`, with a type `Input`: readable names where the API has node ids, a
setter for each field, and every published rule checked before a paid job is sent. Each family of models is a Cargo
feature, each provider is one, and `all` is all of them; none is on by default.

Find a model in the tables of the module [`models`](mod@models), where each stands with its feature, what it takes and gives,
and its resolutions, by what people look for:";

const CHECK: &str = "Without the client, a model's input is checked and written all the same:";

const REST: &str = "
- An optional field that is not set is not sent, so the server's default applies. Published defaults are in the docs of
  each field and in [`Model::SCHEMA`]. One of a prompt or a medium is a sample of the playground and never sent by itself; a
  model whose published texts are left out has none.
- [`Model::validate`] reports everything that is wrong at once, as a list of [`Violation`]s. What is checked where, and
  what only the server can check, is a table in the docs of [`runcomfy_client`].
- `Serialize` and `Deserialize` use the readable names, so a stored input survives a renumbering of the nodes;
  [`Model::to_wire`] and [`Model::from_wire`] use the keys of the API.
- A key that the server learned after this release goes into the field `extra`.
- With the feature `schemars`, inputs and outputs have a JSON Schema with readable names, for language models that call
  tools and for OpenAPI documents.
- [`models()`] lists the models that are switched on, and [`check_json`] checks JSON for one of them: for programs that
  choose a model at run time.
- The feature `client`, on by default, is everything that runs jobs; without it the crate has no HTTP in its tree. The
  feature `blocking` adds the same for programs without async, as `blocking::Client`.
- TLS is rustls with ring and Mozilla's certificate authorities, whatever other crates do. The feature `native-roots` trusts
  those of the system too, and `aws-lc` takes the cryptography of aws-lc.
- With the feature `files`, `ImageInput::from_path` and its like make an input of a file on disk.";
