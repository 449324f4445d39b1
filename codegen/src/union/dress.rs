//! A planned type in, all that stands around its declaration out: docs, attributes and the few impls worth having. Must
//! not know typify. Published text gets no further than string literals and, if it is harmless, code spans in docs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Item, parse_quote};

use super::decode::rust_type;
use super::plan::{Body, Definition, Fields, Plan, PlannedField, Tag, Type};
use super::shape::Media;

/// Docs, derives and serde's attributes of a type.
pub(super) fn attributes(plan: &Plan, definition: &Definition) -> Vec<Attribute> {
    let derive = |first: TokenStream, serde: TokenStream| -> Vec<Attribute> {
        parse_quote! {
            #[derive(
                #first ::runcomfy_client::rt::serde::Serialize, ::runcomfy_client::rt::serde::Deserialize
            )]
            #[serde(crate = "::runcomfy_client::rt::serde" #serde)]
        }
    };
    let (doc, rest): (String, Vec<Attribute>) = match &definition.body {
        Body::Choice(_) => {
            let attributes = parse_quote!(#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)] #[non_exhaustive]);
            ("One of the listed texts.".to_owned(), attributes)
        }
        Body::Struct(fields) => {
            let default = fields.fields.iter().all(|field| !field.required).then(|| quote!(Default,));
            let closed = fields.rest.is_none().then(|| quote!(, deny_unknown_fields));
            let attributes = derive(quote!(Clone, Debug, #default PartialEq,), quote!(#closed));
            ("An object with these keys.".to_owned(), attributes)
        }
        Body::Untagged(variants) => {
            let forms: Vec<String> = variants.iter().map(|(_, ty)| describe(plan, ty)).collect();
            let mut attributes = derive(quote!(Clone, Debug, PartialEq,), quote!(, untagged));
            attributes.extend(enum_attributes(variants.iter().any(|(_, ty)| is_struct(plan, ty))));
            (format!("A value of one of these forms: {}.", forms.join("; ")), attributes)
        }
        Body::Tagged { tag, variants } => {
            let mut attributes = derive(quote!(Clone, Debug, PartialEq,), quote!(, tag = #tag, deny_unknown_fields));
            attributes.extend(enum_attributes(variants.iter().any(|(_, fields)| !fields.fields.is_empty())));
            (format!("An object whose form depends on {}.", code(tag, "a key")), attributes)
        }
    };
    [doc_lines(&doc), rest].concat()
}

/// What every enum of forms carries; the lint is about sizes, which the reader of the schema can't choose.
fn enum_attributes(holds_structs: bool) -> Vec<Attribute> {
    let lint: Option<Attribute> = holds_structs.then(|| {
        parse_quote!(#[allow(clippy::large_enum_variant, reason = "the forms are as large as their schema makes them")])
    });
    let mut attributes: Vec<Attribute> = parse_quote!(#[non_exhaustive]);
    attributes.extend(lint);
    attributes
}

fn is_struct(plan: &Plan, ty: &Type) -> bool {
    let Type::Named(at) = ty else { return false };
    plan.definitions.get(*at).is_some_and(|definition| !matches!(definition.body, Body::Choice(_)))
}

/// The attributes of a variant that stands for a text; `written` if serde is to know the text.
pub(super) fn value_attributes(tag: &Tag, written: bool) -> Vec<Attribute> {
    let value = &tag.value;
    let mut attributes = doc_lines(&format!("The value {}.", code(value, "as published")));
    if written {
        attributes.push(parse_quote!(#[serde(rename = #value)]));
    }
    attributes
}

/// The attributes of a variant that holds one form of the value.
pub(super) fn branch_attributes(plan: &Plan, ty: &Type) -> Vec<Attribute> {
    doc_lines(&format!("The value as {}.", describe(plan, ty)))
}

/// The attributes of a field of `owner`.
pub(super) fn field_attributes(plan: &Plan, owner: &str, field: &PlannedField) -> Vec<Attribute> {
    let optional = if field.required { "" } else { "; left out if `None`" };
    let key = code(&field.key, "one key");
    let mut attributes = doc_lines(&format!("The value of {key}: {}{optional}.", describe(plan, &field.ty)));
    let mut serde = Vec::new();
    if field.name != field.key {
        let key = &field.key;
        serde.push(quote!(rename = #key));
    }
    if !field.required {
        serde.push(quote!(default, skip_serializing_if = "::std::option::Option::is_none"));
    }
    if takes_null(field) {
        let reader = format!("{owner}::present");
        serde.push(quote!(deserialize_with = #reader));
    } else if matches!(field.ty, Type::Nullable(_)) {
        // Without this, serde would read an absent key as null.
        serde.push(quote!(deserialize_with = "::runcomfy_client::rt::serde::Deserialize::deserialize"));
    }
    if !serde.is_empty() {
        attributes.push(parse_quote!(#[serde(#(#serde),*)]));
    }
    attributes
}

/// The attributes of the field that holds all other keys.
pub(super) fn rest_attributes(plan: &Plan, rest: &Type) -> Vec<Attribute> {
    let mut attributes = doc_lines(&format!("All other keys; each value is {}.", describe(plan, rest)));
    attributes.push(parse_quote!(#[serde(flatten)]));
    attributes
}

/// The type of a field as it is written: null and absence are two things.
pub(super) fn written_type(plan: &Plan, field: &PlannedField) -> TokenStream {
    let ty = rust_type(plan, &field.ty);
    if field.required { ty } else { quote!(::std::option::Option<#ty>) }
}

/// Whether the field may be absent, null, or something else.
fn takes_null(field: &PlannedField) -> bool {
    !field.required && matches!(field.ty, Type::Nullable(_) | Type::Json)
}

/// The impls that go with a declaration.
pub(super) fn companions(plan: &Plan, definition: &Definition) -> Vec<Item> {
    let name = format_ident!("{}", definition.name);
    let mut items = match &definition.body {
        Body::Choice(tags) => return choice(&name, tags),
        Body::Struct(fields) => present(&name, &[fields]),
        Body::Untagged(variants) => {
            variants.iter().flat_map(|(label, ty)| conversions(plan, &name, label, ty)).collect()
        }
        Body::Tagged { variants, .. } => present(&name, &variants.iter().map(|(_, fields)| fields).collect::<Vec<_>>()),
    };
    items.push(parse_quote!(::runcomfy_client::rt::union!(#name);));
    items
}

/// What all enums of texts have.
fn choice(name: &syn::Ident, tags: &[Tag]) -> Vec<Item> {
    let variants: Vec<syn::Ident> = tags.iter().map(|tag| format_ident!("{}", tag.variant)).collect();
    let values: Vec<&String> = tags.iter().map(|tag| &tag.value).collect();
    let methods = parse_quote! {
        impl #name {
            /// All values, in published order.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The text that stands for the value.
            #[inline]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { #(Self::#variants => #values),* }
            }
        }
    };
    vec![methods, parse_quote!(::runcomfy_client::rt::choice!(#name);)]
}

/// The reader of fields that may be absent, null, or something else, if there are any.
fn present(name: &syn::Ident, fields: &[&Fields]) -> Vec<Item> {
    if !fields.iter().any(|fields| fields.fields.iter().any(takes_null)) {
        return Vec::new();
    }
    vec![parse_quote! {
        impl #name {
            /// Reads a key that is there, null or not.
            #[inline]
            fn present<'de, D, T>(reader: D) -> ::std::result::Result<::std::option::Option<T>, D::Error>
            where
                D: ::runcomfy_client::rt::serde::Deserializer<'de>,
                T: ::runcomfy_client::rt::serde::Deserialize<'de>,
            {
                T::deserialize(reader).map(::std::option::Option::Some)
            }
        }
    }]
}

/// `From` for one variant. No two variants of a union hold the same type.
fn conversions(plan: &Plan, name: &syn::Ident, label: &str, ty: &Type) -> Vec<Item> {
    let label = format_ident!("{label}");
    let from = |source: TokenStream, value: TokenStream| -> Item {
        parse_quote! {
            impl ::std::convert::From<#source> for #name {
                #[inline]
                fn from(value: #source) -> Self {
                    Self::#label(#value)
                }
            }
        }
    };
    let mut items = vec![from(rust_type(plan, ty), quote!(value))];
    if *ty == Type::Text {
        items.push(from(quote!(&str), quote!(value.to_owned())));
    }
    items
}

/// A few words for a type, with its article.
fn describe(plan: &Plan, ty: &Type) -> String {
    match ty {
        Type::Json => "any JSON value".to_owned(),
        Type::Bool => "true or false".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Text => "a text".to_owned(),
        Type::Media(Media::Image) => "an image".to_owned(),
        Type::Media(Media::Video) => "a video".to_owned(),
        Type::Media(Media::Audio) => "an audio file".to_owned(),
        Type::List(items) => format!("a list (of {})", describe(plan, items)),
        Type::Map(values) => format!("an object (each value {})", describe(plan, values)),
        Type::Nullable(inner) => format!("{} or null", describe(plan, inner)),
        Type::Named(at) => plan.definitions.get(*at).map_or_else(String::new, |named| format!("[`{}`]", named.name)),
    }
}

/// Published text as a code span, if nothing in it can end the span; `otherwise` in its place.
fn code(text: &str, otherwise: &str) -> String {
    let harmless = |character: char| (character.is_ascii_graphic() && character != '`') || character == ' ';
    let readable = !text.is_empty() && text.len() <= 80 && text.trim() == text && text.chars().all(harmless);
    if readable { format!("`{text}`") } else { otherwise.to_owned() }
}

/// One doc attribute per line.
fn doc_lines(text: &str) -> Vec<Attribute> {
    let lines = text.lines().map(|line| format!(" {line}"));
    lines.map(|line| parse_quote!(#[doc = #line])).collect()
}
