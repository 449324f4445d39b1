//! typify's output and the plan it was made from in, the items that go into the generated crate out. Every variant and
//! field is looked up by its token and has to have the planned type; one that is missing, left over or different is an
//! error, so nothing typify got wrong is ever used. What typify adds beside the types (conversions, an error module)
//! is dropped. Must not know schemas.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{VisitMut, visit_path_mut};
use syn::{Field, Item, Variant, parse_quote};

use super::dress;
use super::encode::{key_token, media_type, padding_token, tag_token, type_of_token, type_token, value_token};
use super::plan::{Body, Definition, Fields, Plan, PlannedField, Tag, Type};

/// The declarations of all definitions, in order, under their names.
///
/// # Errors
/// What in typify's output is not as planned.
pub(super) fn decode(plan: &Plan, output: &str) -> Result<Vec<Item>, String> {
    let mut file = syn::parse_file(output).map_err(|error| format!("typify's output does not parse: {error}"))?;
    file.items.retain(|item| matches!(item, Item::Struct(_) | Item::Enum(_)));
    let mut items = Vec::new();
    for (at, definition) in plan.definitions.iter().enumerate() {
        let token = type_token(at);
        let found = file.items.iter().position(|item| match item {
            Item::Struct(item) => item.ident == token,
            Item::Enum(item) => item.ident == token,
            _ => false,
        });
        let mut item = file.items.swap_remove(found.ok_or_else(|| format!("typify left out {}", definition.name))?);
        Renamed(plan).visit_item_mut(&mut item);
        declare(plan, at, definition, &mut item).map_err(|message| format!("{}: {message}", definition.name))?;
        items.push(item);
        items.extend(dress::companions(plan, definition));
    }
    match file.items.first() {
        Some(item) => Err(format!("typify made up {}", item.to_token_stream())),
        None => Ok(items),
    }
}

/// The Rust type that the plan asks for.
pub(super) fn rust_type(plan: &Plan, ty: &Type) -> TokenStream {
    match ty {
        Type::Json => quote!(::runcomfy_client::Json),
        Type::Bool => quote!(bool),
        Type::Integer => quote!(i64),
        Type::Number => quote!(f64),
        Type::Text => quote!(::std::string::String),
        Type::Media(kind) => {
            let name = format_ident!("{}", media_type(*kind));
            quote!(::runcomfy_client::#name)
        }
        Type::List(items) => {
            let items = rust_type(plan, items);
            quote!(::std::vec::Vec<#items>)
        }
        Type::Map(values) => {
            let value = rust_type(plan, values);
            match **values {
                Type::Json => {
                    quote!(::runcomfy_client::rt::serde_json::Map<::std::string::String, #value>)
                }
                _ => quote!(::std::collections::BTreeMap<::std::string::String, #value>),
            }
        }
        Type::Nullable(inner) => {
            let inner = rust_type(plan, inner);
            quote!(::std::option::Option<#inner>)
        }
        Type::Named(at) => {
            plan.definitions.get(*at).map(|definition| format_ident!("{}", definition.name)).into_token_stream()
        }
    }
}

/// Replaces type tokens by names, and leads serde's paths through the client: the generated crate has no other
/// dependency.
struct Renamed<'p>(&'p Plan);

impl VisitMut for Renamed<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_path_mut(self, path);
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["serde_json", "Value"] => *path = parse_quote!(::runcomfy_client::Json),
            ["serde_json", ..] => {
                let rest = path.segments.iter();
                *path = parse_quote!(::runcomfy_client::rt::#(#rest)::*);
            }
            [token] => {
                let named = type_of_token(token).and_then(|at| self.0.definitions.get(at));
                if let (Some(definition), Some(segment)) = (named, path.segments.first_mut()) {
                    segment.ident = format_ident!("{}", definition.name);
                }
            }
            _ => {}
        }
    }
}

type Checked<T> = Result<T, String>;

/// Checks one item against its definition, and gives it the definition's names, attributes and docs.
fn declare(plan: &Plan, at: usize, definition: &Definition, item: &mut Item) -> Checked<()> {
    let name = format_ident!("{}", definition.name);
    let attributes = dress::attributes(plan, definition);
    match (&definition.body, item) {
        (Body::Struct(planned), Item::Struct(item)) => {
            let closed = planned.rest.is_none().then(|| quote!(deny_unknown_fields));
            same_attributes(&item.attrs, &quote!(#closed))?;
            let syn::Fields::Named(fields) = &mut item.fields else {
                return Err("it has no named fields".to_owned());
            };
            declare_fields(plan, &definition.name, (at, 0), planned, fields, &parse_quote!(pub))?;
            (item.ident, item.attrs) = (name, attributes);
        }
        (body, Item::Enum(item)) => {
            same_attributes(&item.attrs, &enum_attributes(at, body))?;
            let mut variants = item.variants.iter_mut();
            declare_variants(plan, at, definition, &mut variants)?;
            if let Some(variant) = variants.next() {
                return Err(format!("typify made up variant {}", variant.ident));
            }
            (item.ident, item.attrs) = (name, attributes);
        }
        _ => return Err("typify wrote a struct for an enum".to_owned()),
    }
    Ok(())
}

/// What serde is to be told about an enum.
fn enum_attributes(at: usize, body: &Body) -> TokenStream {
    match body {
        Body::Choice(_) | Body::Struct(_) => quote!(),
        Body::Untagged(_) => quote!(untagged),
        Body::Tagged { .. } => {
            let tag = tag_token(at);
            quote!(tag = #tag, deny_unknown_fields)
        }
    }
}

/// Takes as many variants as were planned.
fn declare_variants<'v>(
    plan: &Plan,
    at: usize,
    definition: &Definition,
    found: &mut impl Iterator<Item = &'v mut Variant>,
) -> Checked<()> {
    let mut next = || found.next().ok_or("typify left out a variant");
    match &definition.body {
        Body::Struct(_) => return Err("typify wrote an enum for a struct".to_owned()),
        Body::Choice(tags) => {
            for (index, tag) in tags.iter().enumerate() {
                let variant = next()?;
                declare_tag(variant, index, tag)?;
                same("form", &variant.fields.to_token_stream(), &quote!())?;
                variant.attrs = dress::value_attributes(tag, false);
            }
        }
        Body::Untagged(planned) => {
            for (label, ty) in planned {
                let (variant, expected) = (next()?, rust_type(plan, ty));
                same(label, &variant.fields.to_token_stream(), &quote!((#expected)))?;
                variant.ident = format_ident!("{label}");
                variant.attrs = dress::branch_attributes(plan, ty);
            }
        }
        Body::Tagged { variants, .. } => {
            for (index, (tag, planned)) in variants.iter().enumerate() {
                let variant = next()?;
                declare_tag(variant, index, tag)?;
                declare_branch(plan, &definition.name, (at, index), planned, variant)?;
                variant.attrs = dress::value_attributes(tag, true);
            }
        }
    }
    Ok(())
}

/// The fields of one variant of a tagged enum, its padding removed. A variant without fields keeps its braces.
fn declare_branch(
    plan: &Plan,
    owner: &str,
    place: (usize, usize),
    planned: &Fields,
    variant: &mut Variant,
) -> Checked<()> {
    let syn::Fields::Named(fields) = &mut variant.fields else {
        return Err(format!("variant {} has no named fields", variant.ident));
    };
    let padding = padding_token(place.0, place.1);
    let is_padding = |field: &Field| field.ident.as_ref().is_some_and(|ident| *ident == padding);
    let (padding, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut fields.named).into_iter().partition(is_padding);
    if padding.len() != 1 {
        return Err(format!("variant {} has lost its padding", variant.ident));
    }
    fields.named = kept.into_iter().collect();
    declare_fields(plan, owner, place, planned, fields, &syn::Visibility::Inherited)
}

/// Checks the fields one by one, and puts them into the planned order.
fn declare_fields(
    plan: &Plan,
    owner: &str,
    place: (usize, usize),
    planned: &Fields,
    found: &mut syn::FieldsNamed,
    visibility: &syn::Visibility,
) -> Checked<()> {
    let mut unused: Vec<Field> = std::mem::take(&mut found.named).into_iter().collect();
    let mut take = |token: &str| {
        let at = unused.iter().position(|field| field.ident.as_ref().is_some_and(|ident| ident == token));
        at.map(|at| unused.swap_remove(at)).ok_or_else(|| format!("field {token} is missing"))
    };
    for (index, planned) in planned.fields.iter().enumerate() {
        let mut field = take(&key_token(place.0, place.1, index))?;
        let expected = read_type(plan, planned);
        same(&planned.name, &field.ty.to_token_stream(), &expected)?;
        let written = dress::written_type(plan, planned);
        field.ty = parse_quote!(#written);
        field.ident = Some(format_ident!("{}", planned.name));
        field.attrs = dress::field_attributes(plan, owner, planned);
        field.vis = visibility.clone();
        found.named.push(field);
    }
    if let Some(rest) = &planned.rest {
        let mut field = take("extra")?;
        let expected = rust_type(plan, &Type::Map(Box::new(rest.clone())));
        same("extra", &field.ty.to_token_stream(), &expected)?;
        same_attributes(&field.attrs, &quote!(flatten))?;
        field.attrs = dress::rest_attributes(plan, rest);
        found.named.push(field);
    }
    if unused.is_empty() { Ok(()) } else { Err("typify made up a field".to_owned()) }
}

/// The type that typify writes for a field: one `Option` for null and absence.
fn read_type(plan: &Plan, field: &PlannedField) -> TokenStream {
    let ty = rust_type(plan, &field.ty);
    let nullable = matches!(field.ty, Type::Nullable(_));
    if field.required || nullable { ty } else { quote!(::std::option::Option<#ty>) }
}

/// Checks that the variant stands for the value at `index`.
fn declare_tag(variant: &mut Variant, index: usize, tag: &Tag) -> Checked<()> {
    let token = value_token(index);
    same_attributes(&variant.attrs, &quote!(rename = #token))?;
    variant.ident = format_ident!("{}", tag.variant);
    Ok(())
}

fn same(what: &str, found: &TokenStream, planned: &TokenStream) -> Checked<()> {
    let (found, planned) = (found.to_string(), planned.to_string());
    if found == planned { Ok(()) } else { Err(format!("{what}: `{planned}` was planned, typify wrote `{found}`")) }
}

/// Compares what the `serde` attributes hold.
fn same_attributes(attributes: &[syn::Attribute], planned: &TokenStream) -> Checked<()> {
    let serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let mut found = TokenStream::new();
    for attribute in serde {
        found.extend(attribute.meta.require_list().map_err(|error| error.to_string())?.tokens.clone());
    }
    same("serde's attributes", &found, planned)
}
