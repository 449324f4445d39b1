//! Field tables to be compared, those of generated code and those that are made at run time. A table in, a text that is the
//! same for equal tables out. Must not know how tables are made.

pub mod emitted;
pub mod folder;

use std::fmt::Write as _;

use runcomfy_client::rt::{Const, Field, Rule, Table};

/// Everything that a table says, and those that it leads to, each once.
#[must_use]
pub fn spelled(table: &'static Table) -> String {
    let mut speller = Speller { tables: vec![table] };
    let mut text = String::new();
    let mut next = 0;
    while let Some(table) = speller.tables.get(next).copied() {
        let rules = speller.rules(table.rules);
        // Writing to a string can't fail.
        _ = writeln!(text, "table {next}: open {}, strict {}, rules {rules}", table.open, table.strict);
        for field in table.fields {
            let Field { name, key, aliases, title, description, required, default, rules } = field;
            let rules = speller.rules(rules);
            _ = writeln!(
                text,
                "  {name:?} {key:?} {aliases:?} {title:?} {description:?} {required} {default:?} {rules}"
            );
        }
        next += 1;
    }
    text
}

struct Speller {
    /// The tables that were met, in that order.
    tables: Vec<&'static Table>,
}

impl Speller {
    fn place(&mut self, table: &'static Table) -> usize {
        let known = self.tables.iter().position(|known| std::ptr::eq(*known, table));
        known.unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        })
    }

    fn rules(&mut self, rules: &'static [Rule]) -> String {
        let all: Vec<String> = rules.iter().map(|rule| self.rule(rule)).collect();
        format!("[{}]", all.join(", "))
    }

    fn lists(&mut self, lists: &'static [&'static [Rule]]) -> String {
        let all: Vec<String> = lists.iter().map(|rules| self.rules(rules)).collect();
        format!("[{}]", all.join(", "))
    }

    fn rule(&mut self, rule: &'static Rule) -> String {
        match rule {
            Rule::Properties(table) => format!("Properties({})", self.place(table.get())),
            Rule::Items(rules) => format!("Items({})", self.rules(rules)),
            Rule::AdditionalProperties(rules) => format!("AdditionalProperties({})", self.rules(rules)),
            Rule::PropertyNames(rules) => format!("PropertyNames({})", self.rules(rules)),
            Rule::PrefixItems(lists) => format!("PrefixItems({})", self.lists(lists)),
            Rule::AllOf(lists) => format!("AllOf({})", self.lists(lists)),
            Rule::AnyOf(lists) => format!("AnyOf({})", self.lists(lists)),
            Rule::OneOf(lists) => format!("OneOf({})", self.lists(lists)),
            Rule::Values(values) => {
                let all: Vec<String> = values.iter().map(constant).collect();
                format!("Values({})", all.join(", "))
            }
            Rule::Validation(one) => format!("Validation({:?}, {:?}, {:?})", one.rule, one.value, one.message),
            plain => format!("{plain:?}"),
        }
    }
}

fn constant(value: &Const) -> String {
    match value {
        Const::Json(text, _) => format!("Json({text:?})"),
        plain => format!("{plain:?}"),
    }
}
