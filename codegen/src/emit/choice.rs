//! One string enum in, its Rust enum out. What all enums share comes from a macro of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc_lines, docs, ident};
use crate::ir::{Choice, Type};

/// What users see of a string enum.
pub(super) fn api(of: &Type, choice: &Choice) -> Vec<TokenStream> {
    if choice.open { open(of, choice) } else { closed(of, choice) }
}

/// What the runtime needs of a string enum.
pub(super) fn machinery(of: &Type, choice: &Choice) -> TokenStream {
    let name = ident(&of.name);
    if choice.open { quote!(rt::open_choice!(#name);) } else { quote!(rt::choice!(#name);) }
}

fn head(of: &Type) -> TokenStream {
    let title = docs::prose(&of.title);
    let description = docs::prose(&of.description);
    let first = if title.is_empty() { format!("The values of {}.", docs::code(&of.name)) } else { format!("{title}.") };
    let lines = if description.is_empty() { vec![first] } else { vec![first, String::new(), description] };
    doc_lines(lines)
}

fn variants(choice: &Choice) -> impl Iterator<Item = (proc_macro2::Ident, &str)> {
    choice.values.iter().map(|one| (ident(&one.variant), one.value.as_str()))
}

fn declared(choice: &Choice) -> TokenStream {
    variants(choice)
        .map(|(variant, value)| {
            let doc = doc_lines([format!("Sent as {}.", docs::code(value))]);
            quote!(#doc #variant,)
        })
        .collect()
}

fn closed(of: &Type, choice: &Choice) -> Vec<TokenStream> {
    let (name, doc, declared) = (ident(&of.name), head(of), declared(choice));
    let all = variants(choice).map(|(variant, _)| quote!(Self::#variant));
    let texts = variants(choice).map(|(variant, value)| quote!(Self::#variant => #value));
    vec![
        quote! {
            #doc
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #name { #declared }
        },
        quote! {
            impl #name {
                /// Every value, in published order.
                pub const ALL: &'static [Self] = &[#(#all),*];

                /// The value as it is sent.
                #[inline]
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self { #(#texts),* }
                }
            }
        },
    ]
}

/// A response may hold values that a newer server added.
fn open(of: &Type, choice: &Choice) -> Vec<TokenStream> {
    let (name, doc, declared) = (ident(&of.name), head(of), declared(choice));
    let all = variants(choice).map(|(variant, _)| quote!(Self::#variant));
    let texts = variants(choice).map(|(variant, value)| quote!(Self::#variant => #value));
    vec![
        quote! {
            #doc
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #declared
                /// A value that was not published when this code was generated.
                Unknown(runcomfy_client::UnknownValue),
            }
        },
        quote! {
            impl #name {
                /// Every published value, in published order.
                pub const ALL: &'static [Self] = &[#(#all),*];

                /// The value as it was received.
                #[inline]
                #[must_use]
                pub fn as_str(&self) -> &str {
                    match self {
                        #(#texts,)*
                        Self::Unknown(value) => value.as_str(),
                    }
                }
            }
        },
    ]
}
