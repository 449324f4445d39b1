//! Types of the representation in, Rust types out, in the places where they are needed: as a field, as what a setter
//! takes, as how the setter stores it.

use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

use super::ident;
use crate::ir::{Media, Ty, Type, TypeKind};

/// The type of a value.
pub(super) fn ty(of: &Ty, types: &[Type]) -> TokenStream {
    match of {
        Ty::Bool => quote!(bool),
        Ty::I64 => quote!(i64),
        Ty::U64 => quote!(u64),
        Ty::F64 => quote!(f64),
        Ty::Text => quote!(String),
        Ty::Media(kind) => media(*kind),
        Ty::Json => quote!(runcomfy_client::Json),
        Ty::List(item) => {
            let item = ty(item, types);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            let value = ty(value, types);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        Ty::Tuple(parts) => {
            let parts = parts.iter().map(|part| ty(part, types));
            quote!((#(#parts),*))
        }
        Ty::Named(id) => {
            let name = named(*id, types);
            quote!(#name)
        }
        Ty::Boxed(id) => {
            let name = named(*id, types);
            quote!(Box<#name>)
        }
        Ty::Nullable(inner) => {
            let inner = ty(inner, types);
            quote!(Option<#inner>)
        }
    }
}

fn media(kind: Media) -> TokenStream {
    match kind {
        Media::Image => quote!(ImageInput),
        Media::Video => quote!(VideoInput),
        Media::Audio => quote!(AudioInput),
    }
}

fn named(id: usize, types: &[Type]) -> proc_macro2::Ident {
    ident(&types[id].name)
}

/// What a setter takes for a value of this type, and how `value` becomes one.
pub(super) fn argument(of: &Ty, types: &[Type], value: &TokenStream) -> (TokenStream, TokenStream) {
    let plain = ty(of, types);
    match of {
        Ty::Text => (quote!(impl Into<String>), quote!(#value.into())),
        Ty::Json => (quote!(impl Into<runcomfy_client::Json>), quote!(#value.into())),
        Ty::List(item) if **item == Ty::Text => {
            (quote!(impl IntoIterator<Item = impl Into<String>>), quote!(#value.into_iter().map(Into::into).collect()))
        }
        Ty::List(item) => {
            let item = ty(item, types);
            (quote!(impl IntoIterator<Item = #item>), quote!(#value.into_iter().collect()))
        }
        Ty::Boxed(id) => {
            let name = named(*id, types);
            (quote!(#name), quote!(Box::new(#value)))
        }
        Ty::Nullable(inner) => {
            let inner = ty(inner, types);
            (quote!(impl Into<Option<#inner>>), quote!(#value.into()))
        }
        _ => (plain, value.clone()),
    }
}

/// Whether a value of this type has a stand-in while a reader collects faults. Structs and unions have none.
pub(super) fn has_stand_in(of: &Ty, types: &[Type]) -> bool {
    match of {
        Ty::Named(id) => matches!(types[*id].kind, TypeKind::Choice(_)),
        Ty::Boxed(_) => false,
        Ty::Tuple(parts) => parts.iter().all(|part| has_stand_in(part, types)),
        _ => true,
    }
}

/// The names of the media types that fields of these types have, which a module must import.
pub(super) fn media_names(types: &[Type]) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    types.iter().flat_map(|of| of.kind.parts()).for_each(|ty| collect_media(ty, &mut names));
    names
}

fn collect_media(of: &Ty, names: &mut BTreeSet<&'static str>) {
    match of {
        Ty::Media(Media::Image) => _ = names.insert("ImageInput"),
        Ty::Media(Media::Video) => _ = names.insert("VideoInput"),
        Ty::Media(Media::Audio) => _ = names.insert("AudioInput"),
        Ty::List(inner) | Ty::Map(inner) | Ty::Nullable(inner) => collect_media(inner, names),
        Ty::Tuple(parts) => parts.iter().for_each(|part| collect_media(part, names)),
        Ty::Bool | Ty::I64 | Ty::U64 | Ty::F64 | Ty::Text | Ty::Json | Ty::Named(_) | Ty::Boxed(_) => {}
    }
}
