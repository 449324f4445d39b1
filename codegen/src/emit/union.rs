//! One union in, its Rust enum out: a variant for each form. What all unions share comes from a macro of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::ty::ty;
use super::{doc_lines, docs, ident};
use crate::ir::{Field, Form, Media, Ty, Type, TypeKind, Union};

/// What users see of a union.
pub(super) fn api(of: &Type, union: &Union, types: &[Type]) -> Vec<TokenStream> {
    let (name, doc) = (ident(&of.name), head(of, union));
    let forms = union.forms.iter().map(|form| {
        let (doc, variant, ty) = (doc_lines([about(form, types)]), ident(&form.name), ty(&form.ty, types));
        quote!(#doc #variant(#ty),)
    });
    let unknown = union.open.then(|| {
        quote! {
            /// What was not published when this code was generated.
            Unknown(runcomfy_client::Json),
        }
    });
    let holds_struct = |form: &Form| matches!(form.ty, Ty::Named(id) if !matches!(types[id].kind, TypeKind::Choice(_)));
    let lint = union.forms.iter().any(holds_struct).then(
        || quote!(#[allow(clippy::large_enum_variant, reason = "the forms are as large as their schema makes them")]),
    );
    let mut items = vec![quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        #lint
        pub enum #name { #(#forms)* #unknown }
    }];
    if !union.open {
        items.extend(union.forms.iter().flat_map(|form| conversions(&of.name, form, union, types)));
    }
    items
}

/// What the runtime needs of a union.
pub(super) fn machinery(of: &Type, union: &Union, types: &[Type]) -> Vec<TokenStream> {
    let name = ident(&of.name);
    let views = union.forms.iter().map(|form| {
        let variant = ident(&form.name);
        quote!(Self::#variant(form) => form.as_value(),)
    });
    let forms = union.forms.iter().map(|form| {
        let (variant, json_types, tag) = (ident(&form.name), json_types(&form.ty, types), tag(form, types));
        quote! {
            rt::Form {
                types: rt::Types::#json_types,
                tag: #tag,
                read: |node, place| Some(Self::#variant(rt::FromValue::from_node(node, place)?)),
            }
        }
    });
    let tag = union.tag.as_ref().map(|tag| {
        let name = tag_name(union, types).filter(|name| name != tag);
        let name = name.map(|name| quote!(const TAG_NAME: &'static str = #name;));
        quote!(const TAG: &'static str = #tag; #name)
    });
    let (unknown_view, unknown) = match union.open {
        true => (
            quote!(Self::Unknown(json) => json.as_value(),),
            quote!(
                const UNKNOWN: Option<fn(runcomfy_client::Json) -> Self> = Some(Self::Unknown);
            ),
        ),
        false => (quote!(), quote!()),
    };
    vec![
        quote! {
            impl rt::AsValue for #name {
                #[inline]
                fn as_value(&self) -> rt::Value<'_> {
                    match self { #(#views)* #unknown_view }
                }
            }
        },
        quote! {
            impl rt::Union for #name {
                const FORMS: &'static [rt::Form<Self>] = &[#(#forms),*];
                #tag
                #unknown
            }
        },
        quote!(rt::union!(#name);),
    ]
}

fn head(of: &Type, union: &Union) -> TokenStream {
    let (title, description) = (docs::prose(&of.title), docs::prose(&of.description));
    let first = match (&union.tag, title.is_empty()) {
        (_, false) => format!("{title}."),
        (Some(tag), true) => format!("An object whose form depends on {}.", docs::code(tag)),
        (None, true) => "A value of one of several forms.".to_owned(),
    };
    let lines = if description.is_empty() { vec![first] } else { vec![first, String::new(), description] };
    doc_lines(lines)
}

/// `From` for one form, if no other has the same type.
fn conversions(name: &str, form: &Form, union: &Union, types: &[Type]) -> Vec<TokenStream> {
    let source = |form: &Form| match &form.ty {
        Ty::Boxed(id) => ty(&Ty::Named(*id), types),
        other => ty(other, types),
    };
    let (name, variant, own) = (ident(name), ident(&form.name), source(form));
    if union.forms.iter().filter(|other| source(other).to_string() == own.to_string()).count() > 1 {
        return Vec::new();
    }
    let from = |source: TokenStream, value: TokenStream| {
        quote! {
            impl From<#source> for #name {
                #[inline]
                fn from(value: #source) -> Self {
                    Self::#variant(#value)
                }
            }
        }
    };
    match &form.ty {
        Ty::Boxed(_) => vec![from(own, quote!(Box::new(value)))],
        Ty::Text => vec![from(own, quote!(value)), from(quote!(&str), quote!(value.to_owned()))],
        _ => vec![from(own, quote!(value))],
    }
}

/// The types of JSON that a form may have.
fn json_types(of: &Ty, types: &[Type]) -> TokenStream {
    match of {
        Ty::Bool => quote!(BOOLEAN),
        Ty::I64 | Ty::U64 => quote!(INTEGER),
        Ty::F64 => quote!(NUMBER),
        Ty::Text | Ty::Media(_) => quote!(STRING),
        Ty::List(_) | Ty::Tuple(_) => quote!(ARRAY),
        Ty::Map(_) => quote!(OBJECT),
        Ty::Named(id) | Ty::Boxed(id) => match &types[*id].kind {
            TypeKind::Choice(_) => quote!(STRING),
            _ => quote!(OBJECT),
        },
        Ty::Json | Ty::Nullable(_) => quote!(ANY),
    }
}

/// The value of the tag in the objects of a form.
fn tag<'t>(form: &Form, types: &'t [Type]) -> &'t str {
    tag_field(form, types).and_then(|field| field.fixed.as_deref()).unwrap_or_default()
}

/// What the tag is called in readable JSON: the same in all forms.
fn tag_name<'t>(union: &Union, types: &'t [Type]) -> Option<&'t str> {
    let field = union.forms.iter().find_map(|form| tag_field(form, types))?;
    Some(&field.json)
}

fn tag_field<'t>(form: &Form, types: &'t [Type]) -> Option<&'t Field> {
    let fields = match form.ty {
        Ty::Named(id) | Ty::Boxed(id) => match &types[id].kind {
            TypeKind::Object(object) => object.fields.as_slice(),
            _ => &[],
        },
        _ => &[],
    };
    fields.iter().find(|field| field.fixed.is_some())
}

/// A line about a form.
fn about(form: &Form, types: &[Type]) -> String {
    match tag(form, types) {
        "" => format!("The value as {}.", describe(&form.ty, types)),
        value => format!("The form {}.", docs::code(value)),
    }
}

/// A few words for a type, with its article.
fn describe(of: &Ty, types: &[Type]) -> String {
    match of {
        Ty::Json => "any JSON value".to_owned(),
        Ty::Bool => "true or false".to_owned(),
        Ty::I64 | Ty::U64 => "a whole number".to_owned(),
        Ty::F64 => "a number".to_owned(),
        Ty::Text => "a text".to_owned(),
        Ty::Media(Media::Image) => "an image".to_owned(),
        Ty::Media(Media::Video) => "a video".to_owned(),
        Ty::Media(Media::Audio) => "an audio file".to_owned(),
        Ty::List(items) => format!("a list (of {})", describe(items, types)),
        Ty::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| describe(part, types)).collect();
            format!("a list of {} (of {})", parts.len(), parts.join(", "))
        }
        Ty::Map(values) => format!("an object (each value {})", describe(values, types)),
        Ty::Nullable(inner) => format!("{} or null", describe(inner, types)),
        Ty::Named(id) | Ty::Boxed(id) => format!("[`{}`]", types[*id].name),
    }
}
