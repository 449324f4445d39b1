//! What users see of a generated file, and what it sends: source text in; the public items without docs and bodies, and
//! the names with their wire keys out. Reads Rust, and must not know the generator.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens, quote};
use syn::visit::{Visit, visit_expr_struct};
use syn::{Attribute, Expr, ExprStruct, Fields, ImplItem, Item, ItemImpl, Lit, Member, Visibility};

/// The public items in order, as tokens, one each: their signatures, without docs, bodies and private parts.
///
/// # Panics
/// If the text is not Rust.
#[must_use]
pub fn public_api(source: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("generated code is Rust");
    file.items.into_iter().filter_map(public).map(|item| item.to_string()).collect()
}

fn public(item: Item) -> Option<proc_macro2::TokenStream> {
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    match item {
        Item::Struct(mut item) if is_public(&item.vis) => {
            item.attrs = kept(&item.attrs);
            if let Fields::Named(fields) = &mut item.fields {
                fields.named.iter_mut().for_each(|field| field.attrs = kept(&field.attrs));
            }
            Some(item.into_token_stream())
        }
        Item::Enum(mut item) if is_public(&item.vis) => {
            item.attrs = kept(&item.attrs);
            item.variants.iter_mut().for_each(|variant| variant.attrs = kept(&variant.attrs));
            Some(item.into_token_stream())
        }
        Item::Type(mut item) if is_public(&item.vis) => {
            item.attrs = kept(&item.attrs);
            Some(item.into_token_stream())
        }
        Item::Use(item) if is_public(&item.vis) => Some(item.tree.into_token_stream()),
        Item::Impl(item) => Some(implementation(item)),
        _ => None,
    }
}

/// An implementation without bodies; of a trait's only the header.
fn implementation(item: ItemImpl) -> proc_macro2::TokenStream {
    let of = &item.self_ty;
    if let Some((path, _)) = &item.trait_ {
        return quote!(impl #path for #of);
    }
    let members = item.items.into_iter().filter_map(|member| match member {
        ImplItem::Fn(member) if matches!(member.vis, Visibility::Public(_)) => {
            let (attributes, signature) = (kept(&member.attrs), member.sig);
            Some(quote!(#(#attributes)* #signature;))
        }
        ImplItem::Const(member) => {
            let (name, value) = (member.ident, member.expr);
            Some(quote!(const #name = #value;))
        }
        _ => None,
    });
    quote!(impl #of { #(#members)* })
}

/// What is part of the API among the attributes.
fn kept(attributes: &[Attribute]) -> Vec<Attribute> {
    let is_kept = |one: &&Attribute| !one.path().is_ident("doc") && !one.path().is_ident("inline");
    attributes.iter().filter(is_kept).cloned().collect()
}

/// What a program may rely on, one promise each: that an item is there, a field with its type, a variant, a function with
/// its signature, a trait. What may grow without breaking anybody promises its parts; anything else is one promise.
///
/// # Panics
/// If the text is not Rust.
#[must_use]
pub fn promises(source: &str) -> BTreeSet<String> {
    let file = syn::parse_file(source).expect("generated code is Rust");
    let may_grow = |attributes: &[Attribute]| attributes.iter().any(|one| one.path().is_ident("non_exhaustive"));
    let mut found = BTreeSet::new();
    for item in file.items {
        match item {
            Item::Struct(of) if may_grow(&of.attrs) => {
                found.insert(format!("struct {}", of.ident));
                let fields = of.fields.iter().filter(|field| matches!(field.vis, Visibility::Public(_)));
                found.extend(fields.filter_map(|field| {
                    let name = field.ident.as_ref()?;
                    Some(format!("{}.{name}: {}", of.ident, field.ty.to_token_stream()))
                }));
            }
            Item::Enum(of) if may_grow(&of.attrs) => {
                found.insert(format!("enum {}", of.ident));
                let variant =
                    |one: &syn::Variant| format!("{}::{}{}", of.ident, one.ident, one.fields.to_token_stream());
                found.extend(of.variants.iter().map(variant));
            }
            Item::Impl(of) => found.extend(members(of)),
            other => found.extend(public(other).map(|item| item.to_string())),
        }
    }
    found
}

/// What an implementation promises: a trait, or functions and constants.
fn members(of: ItemImpl) -> Vec<String> {
    let name = of.self_ty.to_token_stream();
    if let Some((path, _)) = &of.trait_ {
        return vec![quote!(impl #path for #name).to_string()];
    }
    let members = of.items.into_iter().filter_map(|member| match member {
        ImplItem::Fn(member) if matches!(member.vis, Visibility::Public(_)) => {
            Some(format!("{name}: {}", member.sig.to_token_stream()))
        }
        ImplItem::Const(member) => Some(format!("{name}: const {}: {}", member.ident, member.ty.to_token_stream())),
        _ => None,
    });
    members.collect()
}

/// The wire keys by the name in stored inputs, of every table of the file, in the order of the tables.
///
/// # Panics
/// If the text is not Rust.
#[must_use]
pub fn wire_keys(source: &str) -> Vec<BTreeMap<String, String>> {
    struct Tables(Vec<BTreeMap<String, String>>);
    impl<'ast> Visit<'ast> for Tables {
        fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
            self.0.push(BTreeMap::new());
            syn::visit::visit_item_static(self, item);
        }

        fn visit_expr_struct(&mut self, made: &'ast ExprStruct) {
            let text = |wanted: &str| {
                made.fields.iter().find_map(|field| match (&field.member, &field.expr) {
                    (Member::Named(name), Expr::Lit(literal)) if name == wanted => match &literal.lit {
                        Lit::Str(text) => Some(text.value()),
                        _ => None,
                    },
                    _ => None,
                })
            };
            if let (Some(table), Some(name), Some(key)) = (self.0.last_mut(), text("name"), text("key")) {
                table.insert(name, key);
            }
            visit_expr_struct(self, made);
        }
    }
    let mut tables = Tables(Vec::new());
    tables.visit_file(&syn::parse_file(source).expect("generated code is Rust"));
    tables.0.retain(|table| !table.is_empty());
    tables.0
}

/// The fields of the struct `of` as they are handed to the runtime, and as its table lists them. The runtime goes by
/// place, so the two must agree.
///
/// # Panics
/// If the text is not Rust, or the struct is not in it.
#[must_use]
pub fn places(source: &str, of: &str) -> (Vec<String>, Vec<String>) {
    let file = syn::parse_file(source).expect("generated code is Rust");
    let declared = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == of => Some(
            item.fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect::<Vec<_>>(),
        ),
        _ => None,
    });
    let handed = file.items.iter().find_map(|item| match item {
        Item::Impl(item) if item.self_ty.to_token_stream().to_string() == of => {
            let values = item.items.iter().find_map(|member| match member {
                ImplItem::Fn(member) if member.sig.ident == "values" => {
                    Some(member.block.to_token_stream().to_string())
                }
                _ => None,
            });
            values.map(|text| {
                text.split("self . ").skip(1).filter_map(|rest| rest.split(' ').next().map(str::to_owned)).collect()
            })
        }
        _ => None,
    });
    let mut declared = declared.expect("the struct");
    declared.retain(|name| name != "extra");
    (declared, handed.expect("its values"))
}
