//! One model in, its source file out. Users' types come first, the machinery behind them last.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::example::Example;
use super::{Target, choice, doc_lines, docs, ident, listing, object, table, ty, union};
use crate::file::{DocLine, RustFile, text};
use crate::ir::{Capability, Model, Origin, Output, Shared, Ty, Type, TypeId, TypeKind};

/// The file of one model.
#[must_use]
pub fn model(model: &Model, target: &Target) -> RustFile {
    let (mut api, machinery) = types(&model.types);
    let (id, input) = (&model.id, ident("Input"));
    let output = match &model.output {
        Output::Shared(name) => {
            let (name, shared) = (ident(name), &target.shared);
            api.push(quote! {
                #[doc(inline)]
                pub use #shared::#name as Output;
            });
            quote!(Output)
        }
        Output::Own(Ty::Named(id)) => {
            let name = ident(&model.types[*id].name);
            quote!(#name)
        }
        Output::Own(own) => {
            let (doc, own) = (doc_lines(["What a finished job gives back."]), ty::ty(own, &model.types));
            api.push(quote!(#doc pub type Output = #own;));
            quote!(Output)
        }
    };
    let input_table = table::name(0, &model.types);
    let assumed = model.is_output_assumed.then(|| {
        quote!(
            const ASSUMED_OUTPUT: bool = true;
        )
    });
    let published = published(model, target);
    let implementation = quote! {
        impl runcomfy_client::Model for #input {
            const ID: &'static str = #id;
            const SCHEMA: &'static rt::Table = &#input_table;
            #published
            #assumed
            type Output = #output;
        }
    };
    let mut items = vec![uses(&model.types)];
    items.append(&mut api);
    items.push(implementation);
    items.extend(machinery);
    RustFile { source: model.folder.clone(), header: target.header(&model.folder), docs: head(model, target), items }
}

/// What programs need that meet a later schema of the model: what this one means, and what was written down of its names.
fn published(model: &Model, target: &Target) -> TokenStream {
    let hex = format!("{:#034x}", model.digest).parse();
    let digest = hex.unwrap_or_else(|_| Literal::u128_unsuffixed(model.digest));
    let texts = names_files(model).into_iter().map(|(name, kind, text)| {
        let constant = ident(kind);
        let file = target.has_features.then(|| quote!(include_str!(#name)));
        let text = file.unwrap_or_else(|| {
            let text = Literal::string(&text);
            quote!(#text)
        });
        quote!(const #constant: &'static str = #text;)
    });
    quote! {
        const DIGEST: Option<runcomfy_client::Digest> = Some(runcomfy_client::Digest::new(#digest));
        #(#texts)*
    }
}

/// What was written down of a model's names: the name of a file beside its module, the constant that has it, and the text.
pub(crate) fn names_files(model: &Model) -> Vec<(String, &'static str, String)> {
    let variant = &model.module.variant;
    let lock = (format!("{variant}.names.toml"), "LOCK", model.lock.render());
    let overrides = (format!("{variant}.overrides.toml"), "OVERRIDES", model.overrides.clone());
    [lock, overrides].into_iter().filter(|(.., text)| !text.is_empty()).collect()
}

/// What a model's module imports.
fn uses(types: &[Type]) -> TokenStream {
    let media: Vec<_> = ty::media_names(types).into_iter().map(ident).collect();
    if media.is_empty() {
        quote!(
            use runcomfy_client::rt;
        )
    } else {
        quote!(use runcomfy_client::{#(#media,)* rt};)
    }
}

/// What a model is and is for, where to read on, and how to use it. The first line is what lists of modules show.
fn head(model: &Model, target: &Target) -> Vec<DocLine> {
    let name = docs::prose(&model.display_name);
    let name = if name.is_empty() { docs::code(&model.id) } else { name };
    let capability = model.profile.capability.title().to_lowercase();
    let says_it = model.profile.capability == Capability::Other || name.to_lowercase().contains(&capability);
    let title = if says_it { name } else { format!("{name}: {capability}") };
    let mut lines = text([title, String::new()]);
    lines.extend(text(facts(model, target)));
    lines.extend(text(incomplete(model)));
    // Whoever includes the code gives it a place of their own, which an example could not name.
    if let Some(example) = Example::of(model).filter(|_| target.has_features) {
        lines.extend(text([""]));
        lines.extend(example.run("feature = \"client\""));
    }
    lines
}

/// What the types of a model lack, with the way out.
fn incomplete(model: &Model) -> Vec<String> {
    if model.incomplete.is_empty() {
        return Vec::new();
    }
    let each = |say: fn(&str) -> String| model.incomplete.iter().map(|name| say(name)).collect::<Vec<_>>();
    let told = format!(
        "**Not complete**: the model may also take {}, left out by whoever passed these facts on. Until a sync with the \
         catalogue brings the types, send it as JSON, unchecked, by {}: see [`Input::extra()`].",
        each(docs::code).join(", "),
        each(|name| docs::code(&format!(".extra({name:?}, …)"))).join(" and "),
    );
    vec![String::new(), told]
}

/// What there is to know of a model before its fields.
fn facts(model: &Model, target: &Target) -> Vec<String> {
    let mut facts = vec![format!("- RunComfy's model {}; start with [`Input::new`]", docs::code(&model.id))];
    if target.has_features {
        facts.push(format!("- switched on by the feature {}", docs::code(&model.module.feature)));
    }
    let takes = listing::takes(model);
    facts.push(format!("- takes: {}", if takes.is_empty() { "settings only" } else { &takes }));
    facts.push(format!("- gives: {}", listing::gives(model)));
    if !model.profile.resolutions.is_empty() {
        facts.push(format!("- resolutions: {}", model.profile.resolutions.join(", ")));
    }
    let of = &model.facts.as_of;
    facts.push(match &model.price {
        None => format!("- price: not known as of {of}"),
        Some(price) => {
            let note =
                price.note.iter().map(|note| format!(" RunComfy adds: {}", docs::prose(note))).collect::<String>();
            format!("- base price as of {of}: {}; what a job costs depends on its input.{note}", listing::price(price))
        }
    });
    facts.extend(model.page.as_deref().and_then(docs::link).map(|page| format!("- its page: {page}")));
    facts.push(format!("- its facts: {}", docs::origin(&model.facts)));
    facts
}

/// The file of the output shapes that many models share.
#[must_use]
pub fn shared(shapes: &[Shared], target: &Target) -> RustFile {
    let mut items = vec![quote!(
        use runcomfy_client::rt;
    )];
    for shape in shapes {
        let (api, machinery) = types(&shape.types);
        items.extend(api);
        items.extend(machinery);
    }
    let docs = vec!["Output shapes that many models share.".to_owned()];
    RustFile { source: "_shared".to_owned(), header: target.header("_shared"), docs: text(docs), items }
}

/// The items of all types: what users see, and the machinery.
fn types(types: &[Type]) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let (mut api, mut machinery, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for id in order(types) {
        let of = &types[id];
        match &of.kind {
            TypeKind::Object(object) => {
                api.extend(object::api(id, object, types));
                machinery.extend(object::machinery(id, object, types));
                tables.extend(table::items(id, types));
            }
            TypeKind::Choice(choice) => {
                api.extend(choice::api(of, choice));
                machinery.push(choice::machinery(of, choice));
            }
            TypeKind::Union(one) => {
                api.extend(union::api(of, one, types));
                machinery.extend(union::machinery(of, one, types));
            }
            TypeKind::Table(_) => tables.extend(table::items(id, types)),
        }
    }
    machinery.append(&mut tables);
    (api, machinery)
}

/// The types in the order of the fields that lead to them: it must not tell in which order a schema published them.
fn order(types: &[Type]) -> Vec<TypeId> {
    let mut order: Vec<TypeId> = Vec::with_capacity(types.len());
    let mut seen = vec![false; types.len()];
    let is_root = |id: &TypeId| matches!(types[*id].origin, Origin::Fixed(_));
    let mut waiting: Vec<TypeId> = (0..types.len()).rev().collect();
    waiting.sort_by_key(is_root);
    while let Some(id) = waiting.pop() {
        if !std::mem::replace(&mut seen[id], true) {
            order.push(id);
            let parts = types[id].kind.parts();
            waiting.extend(parts.rev().flat_map(|ty| ty.places().into_iter().rev().map(|(_, id)| id)));
        }
    }
    order
}
