//! Emitted tables without a compiler: the source of a model's module in, its input's table out. So tables of any
//! number of models are compared in no time. Must not know who emits them; what it does not understand is a panic.

use std::collections::BTreeMap;

use runcomfy_client::MediaKind;
use runcomfy_client::rt::{
    self, Const, Field, Fragment, LateTable, Number, Pattern, Rule, Table, TableRef, Types, Validation,
};
use syn::{Expr, ExprStruct, Item, Lit};

/// The table of the static `INPUT`.
///
/// # Panics
/// If it is not written as the emitter does.
#[must_use]
pub fn input(source: &str) -> &'static Table {
    let file = syn::parse_file(source).expect("Rust");
    let statics = file.items.into_iter().filter_map(|item| match item {
        Item::Static(item) => Some((item.ident.to_string(), *item.expr)),
        _ => None,
    });
    let statics: BTreeMap<String, Expr> = statics.collect();
    Reader { statics: &statics, tables: BTreeMap::new() }.table("INPUT").get()
}

struct Reader<'s> {
    statics: &'s BTreeMap<String, Expr>,
    tables: BTreeMap<String, &'static LateTable>,
}

impl Reader<'_> {
    fn table(&mut self, name: &str) -> TableRef {
        if let Some(late) = self.tables.get(name) {
            return late.get().map_or(TableRef::Late(late), TableRef::Static);
        }
        let late: &'static LateTable = Box::leak(Box::default());
        self.tables.insert(name.to_owned(), late);
        let parts = parts(&self.statics[name]);
        let mut table = Table::BLANK;
        for (part, value) in parts {
            match part.as_str() {
                "fields" => {
                    table.fields = list(value).into_iter().map(|field| self.field(field)).collect::<Vec<_>>().leak()
                }
                "rules" => table.rules = self.rules(value),
                "open" => table.open = boolean(value),
                "strict" => table.strict = boolean(value),
                other => panic!("a table has no {other}"),
            }
        }
        TableRef::Static(late.fill(Box::leak(Box::new(table))))
    }

    fn field(&mut self, field: &Expr) -> Field {
        let mut read = Field::BLANK;
        for (part, value) in parts(field) {
            match part.as_str() {
                "name" => read.name = text(value),
                "key" => read.key = text(value),
                "aliases" => read.aliases = list(value).into_iter().map(text).collect::<Vec<_>>().leak(),
                "title" => read.title = text(value),
                "description" => read.description = text(value),
                "required" => read.required = boolean(value),
                "default" => read.default = Some(text(only(value))),
                "rules" => read.rules = self.rules(value),
                other => panic!("a field has no {other}"),
            }
        }
        read
    }

    fn rules(&mut self, rules: &Expr) -> &'static [Rule] {
        list(rules).into_iter().map(|rule| self.rule(rule)).collect::<Vec<_>>().leak()
    }

    fn lists(&mut self, lists: &Expr) -> &'static [&'static [Rule]] {
        list(lists).into_iter().map(|rules| self.rules(rules)).collect::<Vec<_>>().leak()
    }

    fn rule(&mut self, rule: &Expr) -> Rule {
        let (name, value) = variant(rule);
        let Some(value) = value else {
            return match name.as_str() {
                "UniqueItems" => Rule::UniqueItems,
                "NoAdditionalProperties" => Rule::NoAdditionalProperties,
                "Never" => Rule::Never,
                other => panic!("no rule {other} without a value"),
            };
        };
        match name.as_str() {
            "Type" => Rule::Type(types(value)),
            "Values" => Rule::Values(list(value).into_iter().map(constant).collect::<Vec<_>>().leak()),
            "Minimum" => Rule::Minimum(number(value)),
            "Maximum" => Rule::Maximum(number(value)),
            "ExclusiveMinimum" => Rule::ExclusiveMinimum(number(value)),
            "ExclusiveMaximum" => Rule::ExclusiveMaximum(number(value)),
            "MultipleOf" => Rule::MultipleOf(number(value)),
            "MinLength" => Rule::MinLength(count(value)),
            "MaxLength" => Rule::MaxLength(count(value)),
            "MinItems" => Rule::MinItems(count(value)),
            "MaxItems" => Rule::MaxItems(count(value)),
            "MinProperties" => Rule::MinProperties(count(value)),
            "MaxProperties" => Rule::MaxProperties(count(value)),
            "Items" => Rule::Items(self.rules(value)),
            "AdditionalProperties" => Rule::AdditionalProperties(self.rules(value)),
            "PropertyNames" => Rule::PropertyNames(self.rules(value)),
            "PrefixItems" => Rule::PrefixItems(self.lists(value)),
            "AllOf" => Rule::AllOf(self.lists(value)),
            "AnyOf" => Rule::AnyOf(self.lists(value)),
            "OneOf" => Rule::OneOf(self.lists(value)),
            "Properties" => Rule::Properties(self.table(&last(bare(only(value))))),
            "Media" => Rule::Media(media_kind(&last(value))),
            "Pattern" => {
                let (source, compiler) = pair(&self.statics[&last(bare(value))]);
                assert_eq!(last(compiler), "regress_matcher");
                Rule::Pattern(Box::leak(Box::new(Pattern::new(text(source), rt::regress_matcher))))
            }
            "Fragment" => {
                let (schema, compiler) = pair(&self.statics[&last(bare(value))]);
                assert_eq!(last(compiler), "jsonschema_checker");
                Rule::Fragment(Box::leak(Box::new(Fragment::new(text(schema), rt::jsonschema_checker))))
            }
            "Validation" => Rule::Validation(Box::leak(Box::new(validation(&self.statics[&last(bare(value))])))),
            other => panic!("no rule {other}"),
        }
    }
}

fn validation(of: &Expr) -> Validation {
    let parts: BTreeMap<String, &Expr> = parts(of).collect();
    assert_eq!(last(parts["checker"]), "media_checker");
    let (rule, value, message) = (text(parts["rule"]), number(parts["value"]), text(parts["message"]));
    Validation { rule, value, message, checker: rt::media_checker }
}

fn media_kind(name: &str) -> MediaKind {
    match name {
        "Image" => MediaKind::Image,
        "Video" => MediaKind::Video,
        "Audio" => MediaKind::Audio,
        other => panic!("no kind {other}"),
    }
}

fn types(of: &Expr) -> Types {
    if let Expr::MethodCall(call) = of {
        assert_eq!(call.method, "or");
        return types(&call.receiver).or(types(&call.args[0]));
    }
    match last(of).as_str() {
        "NULL" => Types::NULL,
        "BOOLEAN" => Types::BOOLEAN,
        "INTEGER" => Types::INTEGER,
        "NUMBER" => Types::NUMBER,
        "STRING" => Types::STRING,
        "ARRAY" => Types::ARRAY,
        "OBJECT" => Types::OBJECT,
        "ANY" => Types::ANY,
        other => panic!("no type {other}"),
    }
}

fn constant(of: &Expr) -> Const {
    let (name, value) = variant(of);
    match (name.as_str(), value) {
        ("Null", None) => Const::Null,
        ("Bool", Some(value)) => Const::Bool(boolean(value)),
        ("Str", Some(value)) => Const::Str(text(value)),
        ("Json", _) => Const::Json(text(pair(of).0), rt::parse_json),
        _ => match number(of) {
            Number::Int(int) => Const::Int(int),
            Number::UInt(int) => Const::UInt(int),
            Number::Float(float) => Const::Float(float),
        },
    }
}

fn number(of: &Expr) -> Number {
    let (name, value) = variant(of);
    let digits = digits(value.expect("a number"));
    match name.as_str() {
        "Int" => Number::Int(digits.parse().expect("an i64")),
        "UInt" => Number::UInt(digits.parse().expect("a u64")),
        "Float" => Number::Float(digits.parse().expect("an f64")),
        other => panic!("no number {other}"),
    }
}

fn digits(of: &Expr) -> String {
    match of {
        Expr::Unary(minus) => format!("-{}", digits(&minus.expr)),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.base10_digits().to_owned(),
            Lit::Float(float) => float.base10_digits().to_owned(),
            _ => panic!("no number"),
        },
        _ => panic!("no number"),
    }
}

fn count(of: &Expr) -> u64 {
    digits(of).parse().expect("a count")
}

/// The fields of a struct.
fn parts(of: &Expr) -> impl Iterator<Item = (String, &Expr)> {
    let Expr::Struct(ExprStruct { fields, .. }) = of else { panic!("no struct") };
    fields.iter().map(|field| match &field.member {
        syn::Member::Named(name) => (name.to_string(), &field.expr),
        syn::Member::Unnamed(_) => panic!("a field without a name"),
    })
}

/// The items of `&[…]`.
fn list(of: &Expr) -> Vec<&Expr> {
    let Expr::Array(array) = bare(of) else { panic!("no list") };
    array.elems.iter().collect()
}

/// The value behind `&`.
fn bare(of: &Expr) -> &Expr {
    if let Expr::Reference(reference) = of { &reference.expr } else { of }
}

fn text(of: &Expr) -> &'static str {
    match of {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.value().leak(),
            _ => panic!("no text"),
        },
        _ => panic!("no text"),
    }
}

fn boolean(of: &Expr) -> bool {
    matches!(of, Expr::Lit(literal) if matches!(&literal.lit, Lit::Bool(boolean) if boolean.value))
}

/// The name of a variant, and the first of its values.
fn variant(of: &Expr) -> (String, Option<&Expr>) {
    match of {
        Expr::Call(call) => (last(&call.func), call.args.first()),
        path => (last(path), None),
    }
}

/// The only value of a call.
fn only(of: &Expr) -> &Expr {
    variant(of).1.expect("a value")
}

/// The two values of a call.
fn pair(of: &Expr) -> (&Expr, &Expr) {
    let Expr::Call(call) = of else { panic!("no call") };
    (&call.args[0], &call.args[1])
}

/// The last word of a path.
fn last(of: &Expr) -> String {
    let Expr::Path(path) = of else { panic!("no path") };
    path.path.segments.last().expect("a word").ident.to_string()
}
