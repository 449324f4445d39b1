//! One struct of the representation in, its Rust items out: the struct, its constructor and setters, and the one
//! implementation through which it is checked, written and read.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::ty::{argument, has_stand_in, ty};
use super::{doc_lines, docs, ident, table};
use crate::ir::{Extra, Field, Object, Type};

/// What users see of the struct `types[id]`. Responses are only read, so they have no constructor and no setters.
pub(super) fn api(id: usize, object: &Object, types: &[Type]) -> Vec<TokenStream> {
    let of = &types[id];
    let mut items = vec![declaration(of, object, types)];
    if object.extra != Extra::Open {
        let required: Vec<&Field> = object.required.iter().map(|place| &object.fields[*place]).collect();
        let literal = object.takes_literal().then(|| literal(of, object, types));
        items.push(methods(of, object, &required, literal.as_ref(), types));
        items.extend(literal.map(|literal| required_literal(of, &literal, &required, types)));
    }
    items
}

/// What the runtime needs of the struct `types[id]`.
pub(super) fn machinery(id: usize, object: &Object, types: &[Type]) -> Vec<TokenStream> {
    let (name, table) = (ident(&types[id].name), table::name(id, types));
    vec![shows(id, object, types), reads(id, object, types), quote!(rt::object!(#name, #table);)]
}

fn declaration(of: &Type, object: &Object, types: &[Type]) -> TokenStream {
    let (name, doc) = (ident(&of.name), head(of, object));
    let fields = own(object).map(|field| {
        let (doc, name, ty) = (doc_lines(docs::field(field, types)), ident(&field.name), stored(field, types));
        quote!(#doc pub #name: #ty,)
    });
    let extra = match object.extra {
        Extra::None => quote!(),
        Extra::Map | Extra::Beside => quote! {
            /// Keys that this version does not know, sent as they are and unchecked.
            pub extra: rt::Extra,
        },
        Extra::Open => quote! {
            /// What the server sent besides.
            pub extra: rt::Extra,
        },
    };
    quote! {
        #doc
        #[derive(Clone)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #extra
        }
    }
}

/// The fields that users see.
fn own(object: &Object) -> impl Iterator<Item = &Field> {
    object.fields.iter().filter(|field| field.fixed.is_none())
}

fn head(of: &Type, object: &Object) -> TokenStream {
    let (title, description) = (docs::prose(&of.title), docs::prose(&of.description));
    let first = match (object.is_input, title.is_empty()) {
        (true, _) => "The input of this model.".to_owned(),
        (false, false) => format!("{title}."),
        (false, true) => docs::object(object),
    };
    let mut lines = vec![first];
    if !description.is_empty() {
        lines.extend([String::new(), description]);
    }
    if object.is_input {
        lines.extend([
            String::new(),
            "An optional field that is not set is not sent: the server's default applies.".to_owned(),
        ]);
    }
    doc_lines(lines)
}

/// The type of the struct's field: optional ones are wrapped.
fn stored(field: &Field, types: &[Type]) -> TokenStream {
    let inner = ty(&field.ty, types);
    if field.required { inner } else { quote!(Option<#inner>) }
}

/// The name of the literal that names the required fields.
fn literal(of: &Type, object: &Object, types: &[Type]) -> Ident {
    let mut name = if object.is_input { "Required".to_owned() } else { format!("{}Required", of.name) };
    // Names of types don't end so, unless a person gave one.
    while types.iter().any(|other| other.name == name) {
        name.push_str("Fields");
    }
    ident(&name)
}

/// The literal that names each required field.
fn required_literal(of: &Type, literal: &Ident, required: &[&Field], types: &[Type]) -> TokenStream {
    let head = doc_lines([format!("What [`{}`] can't do without, each value by its name.", of.name)]);
    let fields = required.iter().map(|field| {
        let (doc, name, ty) = (summary(field, types), ident(&field.name), ty(&field.ty, types));
        quote!(#doc pub #name: #ty,)
    });
    quote! {
        #head
        #[derive(Clone, Debug)]
        pub struct #literal { #(#fields)* }
    }
}

fn summary(field: &Field, types: &[Type]) -> TokenStream {
    let text = docs::field(field, types).into_iter().next().unwrap_or_default();
    doc_lines([text])
}

fn methods(of: &Type, object: &Object, required: &[&Field], literal: Option<&Ident>, types: &[Type]) -> TokenStream {
    let name = ident(&of.name);
    let new = constructor(object, required, literal, types);
    let setters = own(object).map(|field| setter(field, types));
    let old_setters =
        own(object).flat_map(|field| field.aliases.iter().map(|alias| old_setter(field, &alias.name, types)));
    let has_extra = matches!(object.extra, Extra::Map | Extra::Beside);
    let extra = has_extra.then(|| {
        quote! {
            /// Adds a key that this version does not know; it is sent as it is, unchecked.
            #[inline]
            #[must_use]
            pub fn extra(mut self, key: impl Into<String>, value: impl Into<runcomfy_client::Json>) -> Self {
                self.extra.insert(key.into(), value.into());
                self
            }
        }
    });
    quote! {
        impl #name {
            #new
            #(#setters)*
            #(#old_setters)*
            #extra
        }
    }
}

fn constructor(object: &Object, required: &[&Field], literal: Option<&Ident>, types: &[Type]) -> TokenStream {
    let optional = object.fields.iter().filter(|field| !field.required).map(|field| {
        let name = ident(&field.name);
        quote!(#name: None)
    });
    let has_extra = matches!(object.extra, Extra::Map | Extra::Beside);
    let extra = has_extra.then(|| quote!(extra: rt::Extra::new()));
    let rest = optional.chain(extra);
    if let Some(literal) = literal {
        let names: Vec<_> = required.iter().map(|field| ident(&field.name)).collect();
        return quote! {
            /// Takes the required fields by their names; the others are unset.
            #[inline]
            #[must_use]
            pub fn new(required: #literal) -> Self {
                let #literal { #(#names),* } = required;
                Self { #(#names,)* #(#rest),* }
            }
        };
    }
    let (parameters, values): (Vec<_>, Vec<_>) = required
        .iter()
        .map(|field| {
            let name = ident(&field.name);
            let (argument, value) = argument(&field.ty, types, &quote!(#name));
            let short = name == value.to_string();
            (quote!(#name: #argument), if short { quote!(#name) } else { quote!(#name: #value) })
        })
        .unzip();
    let default = required
        .is_empty()
        .then(|| quote!(#[expect(clippy::new_without_default, reason = "a field may become required")]));
    quote! {
        /// Takes the required fields; the others are unset.
        #[inline]
        #[must_use]
        #default
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#values,)* #(#rest),* }
        }
    }
}

fn setter(field: &Field, types: &[Type]) -> TokenStream {
    let name = ident(&field.name);
    let (argument, value) = argument(&field.ty, types, &quote!(#name));
    let value = if field.required { value } else { quote!(Some(#value)) };
    let doc = doc_lines(docs::setter(field, types));
    quote! {
        #doc
        #[inline]
        #[must_use]
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// A setter by the name that the field had.
fn old_setter(field: &Field, alias: &str, types: &[Type]) -> TokenStream {
    let (name, alias) = (ident(&field.name), ident(alias));
    let (argument, _) = argument(&field.ty, types, &quote!(#name));
    let doc = doc_lines([format!("The former name of [`Self::{}`].", field.name)]);
    let note = format!("renamed to `{}`", field.name);
    quote! {
        #doc
        #[deprecated(note = #note)]
        #[inline]
        #[must_use]
        pub fn #alias(self, #name: #argument) -> Self {
            self.#name(#name)
        }
    }
}

/// The one implementation through which check and writers go.
fn shows(id: usize, object: &Object, types: &[Type]) -> TokenStream {
    let (name, table) = (ident(&types[id].name), table::name(id, types));
    let values = object.fields.iter().map(|field| match &field.fixed {
        Some(text) => quote!(rt::Value::Str(#text)),
        None => {
            let name = ident(&field.name);
            quote!(self.#name.as_value())
        }
    });
    let with = own(object).next().map(|_| {
        quote!(
            use rt::AsValue as _;
        )
    });
    let see = quote!(#with see(&[#(#values),*]););
    let extra = match object.extra {
        Extra::None => quote!(),
        _ => quote! {
            #[inline]
            fn extra(&self) -> Option<&rt::Extra> {
                Some(&self.extra)
            }
        },
    };
    quote! {
        impl rt::Object for #name {
            #[inline]
            fn table(&self) -> &'static rt::Table {
                &#table
            }

            #[inline]
            fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
                #see
            }

            #extra
        }
    }
}

/// The one implementation through which the reader goes.
fn reads(id: usize, object: &Object, types: &[Type]) -> TokenStream {
    let name = ident(&types[id].name);
    // Values without a stand-in are read first, so that a bad one hides no other fault.
    let early = |field: &&(usize, &Field)| field.1.required && !has_stand_in(&field.1.ty, types);
    let all = object.fields.iter().enumerate();
    let fixed: Vec<_> = all.clone().filter_map(|(place, field)| Some((place, field.fixed.as_ref()?))).collect();
    let (read_fixed, hold_fixed): (Vec<_>, Vec<_>) = fixed
        .into_iter()
        .map(|(place, text)| {
            let local = format_ident!("read_{}", place);
            (quote!(let #local = r.fixed(#place, #text);), quote!(#local?;))
        })
        .unzip();
    let places: Vec<(usize, &Field)> = all.filter(|(_, field)| field.fixed.is_none()).collect();
    let first = places.iter().filter(early).map(|(place, field)| {
        let local = format_ident!("read_{}", place);
        let ty = stored(field, types);
        quote!(let #local: Option<#ty> = r.try_get(#place);)
    });
    let fields = places.iter().map(|(place, field)| {
        let (name, local) = (ident(&field.name), format_ident!("read_{}", place));
        if early(&&(*place, *field)) { quote!(#name: #local?) } else { quote!(#name: r.get(#place)) }
    });
    // What may end the reading early goes last.
    let (late, now): (Vec<_>, Vec<_>) = fields.zip(&places).partition(|(_, place)| early(place));
    // `extra` gets what the fields before it could not make sense of.
    let extra = (!matches!(object.extra, Extra::None)).then(|| quote!(extra: r.extra()));
    let tokens = |fields: Vec<(TokenStream, _)>| fields.into_iter().map(|(tokens, _)| tokens);
    let fields = tokens(now).chain(extra).chain(tokens(late));
    // An object whose only fields can hold no value has none.
    let is_empty = object.fields.is_empty() && matches!(object.extra, Extra::None);
    let reader = if is_empty { quote!(_) } else { quote!(r) };
    quote! {
        impl rt::ReadObject for #name {
            #[inline]
            fn read(#reader: &mut rt::Reader<'_>) -> Option<Self> {
                #(#read_fixed)*
                #(#first)*
                #(#hold_fixed)*
                Some(Self { #(#fields),* })
            }
        }
    }
}
