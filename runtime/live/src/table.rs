//! Field tables as values: the named representation of a model in, the table of its input out, the same that generated code
//! has as a `static`. What is made stays for the life of the program; whoever calls bounds how much that is. Must
//! not know where models come from.

use runcomfy_client::{MediaKind, rt};
use runcomfy_codegen::ir::{self, Type, TypeId};
use runcomfy_codegen::table::{Constant, Entry, Number, Table};

/// The table of the first of these types, which is the input, and those that it leads to.
pub(crate) fn input(types: &[Type]) -> &'static rt::Table {
    Maker { types, tables: types.iter().map(|_| None).collect() }.table(0)
}

struct Maker<'t> {
    types: &'t [Type],
    /// The tables that are made or being made.
    tables: Vec<Option<&'static rt::LateTable>>,
}

impl Maker<'_> {
    fn table(&mut self, id: TypeId) -> &'static rt::Table {
        match self.reference(id) {
            rt::TableRef::Static(table) => table,
            late => late.get(),
        }
    }

    /// A table, or, where it is being made, the place where it will be.
    fn reference(&mut self, id: TypeId) -> rt::TableRef {
        if let Some(cell) = self.tables[id] {
            return cell.get().map_or(rt::TableRef::Late(cell), rt::TableRef::Static);
        }
        let cell: &'static rt::LateTable = Box::leak(Box::default());
        self.tables[id] = Some(cell);
        let table = self.make(id);
        rt::TableRef::Static(cell.fill(table))
    }

    fn make(&mut self, id: TypeId) -> &'static rt::Table {
        let blank = rt::Table { open: true, ..rt::Table::BLANK };
        let of = Table::of(&self.types[id]);
        let made = of.map_or(blank, |Table { fields, rules, open, strict }| rt::Table {
            fields: fields.into_iter().map(|field| self.field(field)).collect::<Vec<_>>().leak(),
            rules: self.rules(rules),
            open,
            strict,
        });
        Box::leak(Box::new(made))
    }

    fn field(&mut self, field: Entry<'_>) -> rt::Field {
        let Entry { name, key, aliases, title, description, required, default, rules } = field;
        rt::Field {
            name: text(name),
            key: text(key),
            aliases: aliases.into_iter().map(text).collect::<Vec<_>>().leak(),
            title: text(title),
            description: text(description),
            required,
            default: default.map(|default| text(&default)),
            rules: self.rules(rules),
        }
    }

    fn rules(&mut self, rules: &[ir::Rule]) -> &'static [rt::Rule] {
        rules.iter().map(|rule| self.rule(rule)).collect::<Vec<_>>().leak()
    }

    fn lists(&mut self, lists: &[Vec<ir::Rule>]) -> &'static [&'static [rt::Rule]] {
        lists.iter().map(|rules| self.rules(rules)).collect::<Vec<_>>().leak()
    }

    fn rule(&mut self, rule: &ir::Rule) -> rt::Rule {
        use ir::Rule as From;
        use rt::Rule as To;
        match rule {
            From::Type(types) => To::Type(type_set(types)),
            From::Values(values) => To::Values(values.iter().map(constant).collect::<Vec<_>>().leak()),
            From::Minimum(bound) => To::Minimum(number(bound)),
            From::Maximum(bound) => To::Maximum(number(bound)),
            From::ExclusiveMinimum(bound) => To::ExclusiveMinimum(number(bound)),
            From::ExclusiveMaximum(bound) => To::ExclusiveMaximum(number(bound)),
            From::MultipleOf(step) => To::MultipleOf(number(step)),
            From::MinLength(count) => To::MinLength(*count),
            From::MaxLength(count) => To::MaxLength(*count),
            From::MinItems(count) => To::MinItems(*count),
            From::MaxItems(count) => To::MaxItems(*count),
            From::MinProperties(count) => To::MinProperties(*count),
            From::MaxProperties(count) => To::MaxProperties(*count),
            From::UniqueItems => To::UniqueItems,
            From::NoAdditionalProperties => To::NoAdditionalProperties,
            From::Never => To::Never,
            From::Items(rules) => To::Items(self.rules(rules)),
            From::AdditionalProperties(rules) => To::AdditionalProperties(self.rules(rules)),
            From::PropertyNames(rules) => To::PropertyNames(self.rules(rules)),
            From::PrefixItems(lists) => To::PrefixItems(self.lists(lists)),
            From::AllOf(lists) => To::AllOf(self.lists(lists)),
            From::AnyOf(lists) => To::AnyOf(self.lists(lists)),
            From::OneOf(lists) => To::OneOf(self.lists(lists)),
            From::Properties(id) => To::Properties(self.reference(*id)),
            From::Media(kind) => To::Media(media_kind(*kind)),
            From::Pattern(source) => {
                To::Pattern(Box::leak(Box::new(rt::Pattern::new(text(source), rt::regress_matcher))))
            }
            From::Fragment { keywords: _, document } => {
                let schema = text(&document.to_string());
                To::Fragment(Box::leak(Box::new(rt::Fragment::new(schema, rt::jsonschema_checker))))
            }
            From::Validation { rule, value, message } => To::Validation(Box::leak(Box::new(rt::Validation {
                rule: text(rule),
                value: number(value),
                message: text(message),
                checker: rt::media_checker,
            }))),
        }
    }
}

/// A text that stays.
fn text(text: &str) -> &'static str {
    if text.is_empty() { "" } else { text.to_owned().leak() }
}

fn media_kind(kind: ir::Media) -> MediaKind {
    match kind {
        ir::Media::Image => MediaKind::Image,
        ir::Media::Video => MediaKind::Video,
        ir::Media::Audio => MediaKind::Audio,
    }
}

fn type_set(types: &[String]) -> rt::Types {
    let one = |name: &String| match name.as_str() {
        "null" => rt::Types::NULL,
        "boolean" => rt::Types::BOOLEAN,
        "integer" => rt::Types::INTEGER,
        "number" => rt::Types::NUMBER,
        "string" => rt::Types::STRING,
        "array" => rt::Types::ARRAY,
        "object" => rt::Types::OBJECT,
        // `any`; lowering writes no other.
        _ => rt::Types::ANY,
    };
    types.iter().map(one).reduce(rt::Types::or).unwrap_or(rt::Types::ANY)
}

fn number(number: &serde_json::Number) -> rt::Number {
    match Number::of(number) {
        Number::Int(int) => rt::Number::Int(int),
        Number::UInt(int) => rt::Number::UInt(int),
        Number::Float(float) => rt::Number::Float(float),
    }
}

fn constant(value: &serde_json::Value) -> rt::Const {
    match Constant::of(value) {
        Constant::Null => rt::Const::Null,
        Constant::Bool(boolean) => rt::Const::Bool(boolean),
        Constant::Text(value) => rt::Const::Str(text(value)),
        Constant::Number(Number::Int(int)) => rt::Const::Int(int),
        Constant::Number(Number::UInt(int)) => rt::Const::UInt(int),
        Constant::Number(Number::Float(float)) => rt::Const::Float(float),
        Constant::Composed(json) => rt::Const::Json(text(&json), rt::parse_json),
    }
}
