//! One schema in, the rules the checker enforces out, in the order a reader would check them. Knows nothing of Rust
//! types but the ids of field tables.

use serde_json::Value;

use super::fragment::{fragment, recursion};
use super::value::{media, or_null, sole_part};
use super::{Direction, Lowering, MAX_PARTS};
use crate::ir::{Origin, Rule, TypeKind};
use crate::schema::Schema;

impl<'s> Lowering<'s> {
    /// All rules of a schema. Inside unions (`table_only`) objects have tables without types.
    pub(super) fn rules(&mut self, schema: &'s Schema, table_only: bool) -> Vec<Rule> {
        if let Some(all) = schema.boolean {
            return if all { Vec::new() } else { vec![Rule::Never] };
        }
        self.visited += 1;
        if self.visited > MAX_PARTS {
            return Vec::new();
        }
        let mut rules = self.referred_rules(schema, table_only);
        rules.extend(self.type_rule(schema));
        rules.extend(schema.values.clone().map(Rule::Values));
        rules.extend(schema.constant.clone().map(|value| Rule::Values(vec![value])));
        rules.extend(number_rules(schema));
        rules.extend(string_rules(schema));
        if self.direction == Direction::Request {
            rules.extend(media(schema).map(Rule::Media));
            rules.extend(schema.validations.iter().map(|one| Rule::Validation {
                rule: one.rule.clone(),
                value: one.value.clone(),
                message: one.message.clone(),
            }));
        }
        self.array_rules(schema, table_only, &mut rules);
        self.object_rules(schema, table_only, &mut rules);
        self.combined_rules(schema, |_| true, table_only, &mut rules);
        rules.extend(self.fragment(schema));
        rules
    }

    /// The rules of a value inside another.
    pub(super) fn rules_within(&mut self, schema: &'s Schema, table_only: bool) -> Vec<Rule> {
        self.nesting += 1;
        let rules = self.rules(schema, table_only);
        self.nesting -= 1;
        rules
    }

    /// The types become words of the generated code, so no other may pass, wherever it stands.
    fn type_rule(&mut self, schema: &Schema) -> Option<Rule> {
        const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
        if let Some(unknown) = schema.types.iter().find(|name| !TYPES.contains(&name.as_str())) {
            let message = format!("unknown type {unknown:?}");
            self.fail(
                schema,
                crate::ErrorKind::InvalidSchema,
                message,
                &format!("JSON Schema knows {}", TYPES.join(", ")),
            );
            return None;
        }
        (!schema.types.is_empty()).then(|| Rule::Type(schema.types.clone()))
    }

    /// The rule for what a library checks, if it can.
    pub(super) fn fragment(&mut self, schema: &Schema) -> Option<Rule> {
        let rule = fragment(schema, &self.document)?;
        self.check_fragment(schema, &rule);
        Some(rule)
    }

    #[cfg(feature = "fragments")]
    fn check_fragment(&mut self, schema: &Schema, rule: &Rule) {
        let Rule::Fragment { document, .. } = rule else { return };
        let Some(why) = super::fragment::refused(document) else { return };
        let message = format!("these rules can't be checked: {why}");
        let is_not = |(keyword, _): &(String, _)| keyword == "not";
        let help = if !schema.others.is_empty() && schema.others.iter().all(is_not) {
            "report it to RunComfy; to leave it unchecked, accept it in overrides.toml: [accept], then `keywords = \
             [\"not\"]`, which takes it away everywhere but within `oneOf`, `not` and the like and `$defs`"
        } else {
            "report it to RunComfy"
        };
        self.fail(schema, crate::ErrorKind::InvalidSchema, message, help);
    }

    #[cfg(not(feature = "fragments"))]
    fn check_fragment(&mut self, schema: &Schema, rule: &Rule) {
        let Rule::Fragment { keywords, .. } = rule else { return };
        let keywords: Vec<_> =
            keywords.as_object().into_iter().flat_map(|map| map.keys()).map(|keyword| format!("`{keyword}`")).collect();
        let message =
            format!("{} is for the crate jsonschema, which this generator was built without", keywords.join(", "));
        let help = "turn on the feature \"fragments\" of runcomfy-codegen, and of runcomfy-client";
        self.fail(schema, crate::ErrorKind::Feature, message, help);
    }

    pub(super) fn referred_rules(&mut self, schema: &'s Schema, table_only: bool) -> Vec<Rule> {
        let Some(target) = schema.reference.as_ref().and_then(|reference| self.target(schema, reference)) else {
            return Vec::new();
        };
        if self.leads_to_itself(schema, target) {
            return Vec::new();
        }
        // A table ends the recursion; rules without one can't hold themselves, and are a library's to check there.
        let has_table =
            self.known.get(&(target.pointer.clone(), table_only)).is_some_and(|id| self.tables.contains(id));
        let most = usize::from(has_table);
        self.follow(target, (table_only, most), |lowering| lowering.rules(target, table_only)).unwrap_or_else(|| {
            let rule = recursion(schema, &self.document);
            self.check_fragment(schema, &rule);
            vec![rule]
        })
    }

    fn array_rules(&mut self, schema: &'s Schema, table_only: bool, rules: &mut Vec<Rule>) {
        let array = &schema.array;
        if !array.prefix.is_empty() {
            rules
                .push(Rule::PrefixItems(array.prefix.iter().map(|part| self.rules_within(part, table_only)).collect()));
        }
        if let Some(items) = &array.items {
            let items = self.rules_within(items, table_only);
            rules.extend((!items.is_empty()).then_some(Rule::Items(items)));
        }
        rules.extend(array.min_items.filter(|count| *count > 0).map(Rule::MinItems));
        rules.extend(array.max_items.map(Rule::MaxItems));
        rules.extend(array.unique.then_some(Rule::UniqueItems));
    }

    fn object_rules(&mut self, schema: &'s Schema, table_only: bool, rules: &mut Vec<Rule>) {
        let object = &schema.object;
        if !object.properties.is_empty() || !object.required.is_empty() {
            let typed = self.known.get(&(schema.pointer.clone(), false)).copied();
            let id = typed.filter(|id| !table_only && self.tables.contains(id)).unwrap_or_else(|| self.table(schema));
            rules.push(Rule::Properties(id));
        }
        match &object.additional {
            Some(rest) if rest.boolean == Some(false) => rules.push(Rule::NoAdditionalProperties),
            Some(rest) => {
                let rest = self.rules_within(rest, table_only);
                // A table is closed unless something is said of other names, be it that anything goes.
                let has_table = matches!(rules.last(), Some(Rule::Properties(_)));
                rules.extend((has_table || !rest.is_empty()).then_some(Rule::AdditionalProperties(rest)));
            }
            None => {}
        }
        self.size_rules(schema, rules);
    }

    /// How many properties, and with which names.
    pub(super) fn size_rules(&mut self, schema: &'s Schema, rules: &mut Vec<Rule>) {
        let object = &schema.object;
        if let Some(names) = &object.names {
            rules.push(Rule::PropertyNames(self.rules_within(names, true)));
        }
        rules.extend(object.min_properties.filter(|count| *count > 0).map(Rule::MinProperties));
        rules.extend(object.max_properties.map(Rule::MaxProperties));
    }

    /// `allOf`, of whose parts `is_left` says which are left to check, `anyOf` and `oneOf`. Their parts have no types of their
    /// own, but for the two forms that lowering sees through.
    pub(super) fn combined_rules(
        &mut self,
        schema: &'s Schema,
        is_left: impl Fn(&Schema) -> bool,
        table_only: bool,
        rules: &mut Vec<Rule>,
    ) {
        if let Some(part) = sole_part(schema) {
            if is_left(part) {
                rules.extend(self.rules(part, table_only));
            }
            return;
        }
        if let Some(part) = or_null(schema, &self.document) {
            rules.extend(with_null(self.rules(part, table_only)));
            return;
        }
        self.combine(schema.all_of.iter().filter(|part| is_left(part)), Rule::AllOf, rules);
        self.combine(schema.any_of.iter(), Rule::AnyOf, rules);
        self.combine(schema.one_of.iter(), Rule::OneOf, rules);
    }

    /// Adds one rule made of the rules of several parts.
    fn combine(
        &mut self,
        parts: impl Iterator<Item = &'s Schema>,
        rule: fn(Vec<Vec<Rule>>) -> Rule,
        rules: &mut Vec<Rule>,
    ) {
        let parts: Vec<Vec<Rule>> = parts.map(|part| self.rules(part, true)).collect();
        rules.extend((!parts.is_empty()).then(|| rule(parts)));
    }

    /// A field table without a type, for the checker alone.
    fn table(&mut self, schema: &'s Schema) -> usize {
        let origin = Origin::Definition("table".to_owned());
        self.named(schema, &origin, true, |lowering, id| TypeKind::Table(lowering.content(schema, id, true))).0
    }
}

/// The rules of a schema, with null allowed besides.
fn with_null(rules: Vec<Rule>) -> Vec<Rule> {
    let speaks_of_null = |rule: &Rule| {
        matches!(rule, Rule::AllOf(_) | Rule::AnyOf(_) | Rule::OneOf(_) | Rule::Never | Rule::Fragment { .. })
    };
    if rules.iter().any(speaks_of_null) {
        return vec![Rule::AnyOf(vec![rules, vec![Rule::Type(vec!["null".to_owned()])]])];
    }
    let with_null = |rule| match rule {
        Rule::Type(mut types) => {
            types.push("null".to_owned());
            Rule::Type(types)
        }
        Rule::Values(mut values) => {
            values.push(Value::Null);
            Rule::Values(values)
        }
        rule => rule,
    };
    rules.into_iter().map(with_null).collect()
}

fn number_rules(schema: &Schema) -> impl Iterator<Item = Rule> {
    let number = schema.number.clone();
    [
        number.minimum.map(Rule::Minimum),
        number.exclusive_minimum.map(Rule::ExclusiveMinimum),
        number.maximum.map(Rule::Maximum),
        number.exclusive_maximum.map(Rule::ExclusiveMaximum),
        number.multiple_of.map(Rule::MultipleOf),
    ]
    .into_iter()
    .flatten()
}

fn string_rules(schema: &Schema) -> impl Iterator<Item = Rule> {
    let string = schema.string.clone();
    let bounds = [
        string.min_length.filter(|length| *length > 0).map(Rule::MinLength),
        string.max_length.map(Rule::MaxLength),
        string.pattern.map(Rule::Pattern),
    ];
    bounds.into_iter().flatten()
}
