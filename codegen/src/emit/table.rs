//! Fields and rules in, static tables out: the data that the runtime's one checker walks.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::{Number as JsonNumber, Value};

use super::ident;
use crate::ir::{Media, Rule, Type, TypeKind};
use crate::table::{Constant, Entry, Number, Table};

/// The name of a type's table. Tables are private, so their names promise nothing.
pub(super) fn name(id: usize, types: &[Type]) -> Ident {
    match &types[id].kind {
        TypeKind::Table(_) => ident(&format!("PART_{id}")),
        _ => {
            let base = screaming(&types[id].name);
            let taken = types[..id].iter().any(|other| screaming(&other.name) == base);
            ident(&if taken { format!("{base}_{id}") } else { base })
        }
    }
}

/// `CameraMotion` → `CAMERA_MOTION`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && !before.is_uppercase() && before != '_' {
            out.push('_');
        }
        out.extend(c.to_uppercase());
        before = c;
    }
    out
}

/// The table of `types[id]`, with the patterns and validations it refers to.
pub(super) fn items(id: usize, types: &[Type]) -> Vec<TokenStream> {
    let Some(Table { fields, rules, open, strict }) = Table::of(&types[id]) else { return Vec::new() };
    let mut emitter = Emitter { types, prefix: name(id, types), statics: Vec::new() };
    let fields: Vec<TokenStream> = fields.iter().map(|field| emitter.field(field)).collect();
    let has_rules = !rules.is_empty();
    let rules = emitter.rules(rules);
    let rules = has_rules.then(|| quote!(rules: &[#rules],));
    let open = open.then(|| quote!(open: true,));
    let strict = strict.then(|| quote!(strict: true,));
    let name = name(id, types);
    let rest = quote!(..rt::Table::BLANK);
    let table = quote! {
        static #name: rt::Table = rt::Table { fields: &[#(#fields),*], #rules #open #strict #rest };
    };
    let mut items = vec![table];
    items.append(&mut emitter.statics);
    items
}

struct Emitter<'a> {
    types: &'a [Type],
    prefix: Ident,
    /// The statics that rules refer to.
    statics: Vec<TokenStream>,
}

impl Emitter<'_> {
    fn field(&mut self, field: &Entry<'_>) -> TokenStream {
        let Entry { name, key, aliases, title, description, required, default, rules } = field;
        let text = |label: TokenStream, text: &str| {
            let text = Literal::string(text);
            quote!(#label: #text,)
        };
        let title = (!title.is_empty()).then(|| text(quote!(title), title));
        let description = (!description.is_empty()).then(|| text(quote!(description), description));
        let aliases = (!aliases.is_empty()).then(|| quote!(aliases: &[#(#aliases),*],));
        let required = required.then(|| quote!(required: true,));
        let default = default.as_ref().map(|default| {
            let default = Literal::string(default);
            quote!(default: Some(#default),)
        });
        let has_rules = !rules.is_empty();
        let rules = self.rules(rules);
        let rules = has_rules.then(|| quote!(rules: &[#rules],));
        quote!(rt::Field { name: #name, key: #key, #aliases #title #description #required #default #rules ..rt::Field::BLANK })
    }

    fn rules(&mut self, rules: &[Rule]) -> TokenStream {
        let rules = rules.iter().map(|rule| self.rule(rule));
        quote!(#(#rules),*)
    }

    fn rule(&mut self, rule: &Rule) -> TokenStream {
        let rule = match rule {
            Rule::Type(types) => {
                let types = type_set(types);
                quote!(Type(#types))
            }
            Rule::Values(values) => {
                let values = values.iter().map(constant);
                quote!(Values(&[#(#values),*]))
            }
            Rule::Minimum(bound) => with_number(quote!(Minimum), bound),
            Rule::Maximum(bound) => with_number(quote!(Maximum), bound),
            Rule::ExclusiveMinimum(bound) => with_number(quote!(ExclusiveMinimum), bound),
            Rule::ExclusiveMaximum(bound) => with_number(quote!(ExclusiveMaximum), bound),
            Rule::MultipleOf(step) => with_number(quote!(MultipleOf), step),
            Rule::MinLength(count) => with_count(quote!(MinLength), *count),
            Rule::MaxLength(count) => with_count(quote!(MaxLength), *count),
            Rule::MinItems(count) => with_count(quote!(MinItems), *count),
            Rule::MaxItems(count) => with_count(quote!(MaxItems), *count),
            Rule::MinProperties(count) => with_count(quote!(MinProperties), *count),
            Rule::MaxProperties(count) => with_count(quote!(MaxProperties), *count),
            Rule::UniqueItems => quote!(UniqueItems),
            Rule::NoAdditionalProperties => quote!(NoAdditionalProperties),
            Rule::Never => quote!(Never),
            Rule::Items(rules) => self.with_rules(quote!(Items), rules),
            Rule::AdditionalProperties(rules) => self.with_rules(quote!(AdditionalProperties), rules),
            Rule::PropertyNames(rules) => self.with_rules(quote!(PropertyNames), rules),
            Rule::PrefixItems(lists) => self.with_lists(quote!(PrefixItems), lists),
            Rule::AllOf(lists) => self.with_lists(quote!(AllOf), lists),
            Rule::AnyOf(lists) => self.with_lists(quote!(AnyOf), lists),
            Rule::OneOf(lists) => self.with_lists(quote!(OneOf), lists),
            Rule::Properties(id) => {
                let table = name(*id, self.types);
                quote!(Properties(rt::TableRef::Static(&#table)))
            }
            Rule::Media(kind) => {
                let kind = media_kind(*kind);
                quote!(Media(#kind))
            }
            Rule::Pattern(source) => self.own_static("Pattern", quote!(rt::Pattern::new(#source, rt::regress_matcher))),
            Rule::Fragment { document, .. } => {
                let schema = document.to_string();
                self.own_static("Fragment", quote!(rt::Fragment::new(#schema, rt::jsonschema_checker)))
            }
            Rule::Validation { rule, value, message } => {
                let value = number(value);
                let fields = quote!(rule: #rule, value: #value, message: #message, checker: rt::media_checker);
                self.own_static("Validation", quote!(rt::Validation { #fields }))
            }
        };
        quote!(rt::Rule::#rule)
    }

    fn with_rules(&mut self, rule: TokenStream, rules: &[Rule]) -> TokenStream {
        let rules = self.rules(rules);
        quote!(#rule(&[#rules]))
    }

    fn with_lists(&mut self, rule: TokenStream, lists: &[Vec<Rule>]) -> TokenStream {
        let lists: Vec<_> = lists.iter().map(|rules| self.rules(rules)).collect();
        quote!(#rule(&[#(&[#lists]),*]))
    }

    /// A rule whose value is a static of its own: what is compiled once, or would be large in place.
    fn own_static(&mut self, kind: &str, value: TokenStream) -> TokenStream {
        let name = ident(&format!("{}_{}_{}", self.prefix, kind.to_ascii_uppercase(), self.statics.len()));
        let kind = ident(kind);
        self.statics.push(quote!(static #name: rt::#kind = #value;));
        quote!(#kind(&#name))
    }
}

fn media_kind(kind: Media) -> TokenStream {
    match kind {
        Media::Image => quote!(rt::MediaKind::Image),
        Media::Video => quote!(rt::MediaKind::Video),
        Media::Audio => quote!(rt::MediaKind::Audio),
    }
}

fn type_set(types: &[String]) -> TokenStream {
    let mut names = types.iter().map(|name| ident(&name.to_ascii_uppercase()));
    let first = names.next();
    quote!(rt::Types::#first #(.or(rt::Types::#names))*)
}

fn with_count(rule: TokenStream, count: u64) -> TokenStream {
    let count = Literal::u64_unsuffixed(count);
    quote!(#rule(#count))
}

fn with_number(rule: TokenStream, bound: &JsonNumber) -> TokenStream {
    let bound = number(bound);
    quote!(#rule(#bound))
}

fn number(number: &JsonNumber) -> TokenStream {
    let kind_and_value = numeric(Number::of(number));
    quote!(rt::Number::#kind_and_value)
}

/// The number with the name of the variant it needs, which `Number` and `Const` share.
fn numeric(number: Number) -> TokenStream {
    let minus = |negative: bool| negative.then(|| quote!(-));
    match number {
        Number::Int(int) => {
            let (minus, size) = (minus(int < 0), Literal::u64_unsuffixed(int.unsigned_abs()));
            quote!(Int(#minus #size))
        }
        Number::UInt(int) => {
            let int = Literal::u64_unsuffixed(int);
            quote!(UInt(#int))
        }
        Number::Float(float) => {
            let (minus, size) = (minus(float.is_sign_negative()), Literal::f64_unsuffixed(float.abs()));
            quote!(Float(#minus #size))
        }
    }
}

fn constant(value: &Value) -> TokenStream {
    match Constant::of(value) {
        Constant::Null => quote!(rt::Const::Null),
        Constant::Bool(boolean) => quote!(rt::Const::Bool(#boolean)),
        Constant::Text(text) => quote!(rt::Const::Str(#text)),
        Constant::Number(number) => {
            let number = numeric(number);
            quote!(rt::Const::#number)
        }
        Constant::Composed(text) => quote!(rt::Const::Json(#text, rt::parse_json)),
    }
}
