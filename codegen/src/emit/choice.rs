//! One string enum in, its Rust enum out. What all enums share comes from a macro of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc_lines, docs, ident};
use crate::ir::{Choice, Type};

/// What users see of a string enum. That of a response may hold values that a newer server added.
pub(super) fn api(of: &Type, choice: &Choice) -> Vec<TokenStream> {
    let (name, doc) = (ident(&of.name), head(of, choice));
    let variants = || choice.values.iter().map(|one| (ident(&one.variant), one.value.as_str()));
    let declared = variants().map(|(variant, value)| {
        let doc = doc_lines([format!("Sent as {}.", docs::code(value))]);
        quote!(#doc #variant,)
    });
    let all = variants().map(|(variant, _)| quote!(Self::#variant));
    let texts = variants().map(|(variant, value)| quote!(Self::#variant => #value));
    let (copy, unknown, every, as_str) = match choice.open {
        false => (
            quote!(Copy,),
            quote!(),
            "Every value, in published order.",
            quote! {
                /// The value as it is sent.
                #[inline]
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self { #(#texts),* }
                }
            },
        ),
        true => (
            quote!(),
            quote! {
                /// A value that was not published when this code was generated.
                Unknown(runcomfy_client::UnknownValue),
            },
            "Every published value, in published order.",
            quote! {
                /// The value as it was received.
                #[inline]
                #[must_use]
                pub fn as_str(&self) -> &str {
                    match self {
                        #(#texts,)*
                        Self::Unknown(value) => value.as_str(),
                    }
                }
            },
        ),
    };
    let every = doc_lines([every]);
    vec![
        quote! {
            #doc
            #[derive(Clone, #copy Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #name { #(#declared)* #unknown }
        },
        quote! {
            impl #name {
                #every
                pub const ALL: &'static [Self] = &[#(#all),*];

                #as_str
            }
        },
    ]
}

/// What the runtime needs of a string enum.
pub(super) fn machinery(of: &Type, choice: &Choice) -> TokenStream {
    let name = ident(&of.name);
    if choice.open { quote!(rt::open_choice!(#name);) } else { quote!(rt::choice!(#name);) }
}

fn head(of: &Type, choice: &Choice) -> TokenStream {
    let title = docs::prose(&of.title);
    let description = docs::prose(&of.description);
    let first = if title.is_empty() { docs::choice(choice) } else { format!("{title}.") };
    let lines = if description.is_empty() { vec![first] } else { vec![first, String::new(), description] };
    doc_lines(lines)
}
