//! The catalogue in, a test of the example on each model's page out: it compiles, breaks no rule, and reads back.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::example::Example;
use super::index::{SOURCE, same_name};
use super::{Target, ident};
use crate::file::{RustFile, text};
use crate::ir::{Catalog, Model};
use crate::{Error, ErrorKind};

/// `tests/examples.rs`
///
/// # Errors
/// [`ErrorKind::Internal`] if an example is not Rust.
pub fn examples(catalog: &Catalog, target: &Target) -> Result<RustFile, Error> {
    let mut providers: BTreeMap<&str, BTreeMap<&str, Vec<TokenStream>>> = BTreeMap::new();
    for model in &catalog.models {
        let Some(example) = Example::of(model) else { continue };
        let families = providers.entry(&model.module.provider).or_default();
        families.entry(&model.module.family).or_default().push(test(model, &example)?);
    }
    let items = providers.into_iter().map(|(provider, families)| {
        let families = families.into_iter().map(|(family, tests)| {
            let same = same_name(provider, family);
            let family = ident(family);
            quote!(#same mod #family { #(#tests)* })
        });
        let provider = ident(provider);
        quote!(mod #provider { #(#families)* })
    });
    let docs = text(["The example of each model's page breaks no rule, and what it would send reads back."]);
    let header = target.header(SOURCE);
    Ok(RustFile { source: SOURCE.to_owned(), header, docs, items: items.collect() })
}

fn test(model: &Model, example: &Example) -> Result<TokenStream, Error> {
    let lines = example.build("Model as _").join("\n");
    let body: TokenStream = lines.parse().map_err(|error| {
        Error::new(ErrorKind::Internal, format!("an example is not Rust: {error}"))
            .of(&model.id, "")
            .help("this is a bug of the generator; please report it with the model's schemas")
    })?;
    let (name, feature) = (ident(&model.module.variant), &model.module.feature);
    Ok(quote! {
        #[cfg(feature = #feature)]
        #[test]
        fn #name() {
            #body
            assert_eq!(input.validate(), Ok(()));
            assert_eq!(Input::from_wire(input.to_wire()), Ok(input));
        }
    })
}
