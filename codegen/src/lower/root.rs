//! A root schema in, the struct of the whole out: with its own fields and those that its other parts speak of. Must not
//! know names or Rust.
//!
//! A part that says nothing but fields of its own is read as if it stood in the root itself. The fields of other parts take
//! what any part that speaks of them takes; which part has to hold is said by the rules of the whole.

use std::collections::{HashMap, HashSet};

use super::object::assembled;
use super::{Lowered, Lowering, MAX_PARTS};
use crate::ir::{Field, Item, Object, Origin, Rule, TypeId};
use crate::schema::{ObjectRules, Schema};

/// The keywords for a library whose schemas may hold for the whole object.
const PERHAPS: [&str; 3] = ["then", "else", "dependentSchemas"];

/// What some part of the root says about a field.
struct Spoken<'s> {
    schema: &'s Schema,
    /// The part.
    by: &'s Schema,
    /// Whether it holds for every object.
    sure: bool,
}

/// All that the parts of a root say, by key, in the order in which they first speak of it: the root's own fields first.
#[derive(Default)]
struct Fields<'s> {
    all: Vec<(&'s str, Vec<Spoken<'s>>)>,
    places: HashMap<&'s str, usize>,
}

impl<'s> Fields<'s> {
    fn add(&mut self, key: &'s str, spoken: Spoken<'s>) {
        let place = *self.places.entry(key).or_insert(self.all.len());
        if place == self.all.len() {
            self.all.push((key, Vec::new()));
        }
        self.all[place].1.push(spoken);
    }

    /// Whether one part alone speaks of a key.
    fn has_one_part(&self, key: &str) -> bool {
        self.places.get(key).is_some_and(|place| self.all[*place].1.len() == 1)
    }
}

/// A part of the root that says nothing but fields of its own.
struct Flat<'s> {
    /// The part; the root itself stands for its `$ref`.
    part: &'s Schema,
    /// What it comes to, references followed.
    fields: &'s Schema,
}

impl<'s> Lowering<'s> {
    /// The schema to read for a root schema that is a bare reference: what it leads to.
    pub(super) fn root_of(&self, mut schema: &'s Schema) -> &'s Schema {
        let mut met = HashSet::new();
        while let Some(target) = self.bare_target(schema).filter(|_| met.insert(std::ptr::from_ref(schema))) {
            schema = target;
        }
        schema
    }

    /// What a schema refers to, if it says nothing else.
    fn bare_target(&self, schema: &'s Schema) -> Option<&'s Schema> {
        let target = self.document.target_of(schema)?;
        says_only_fields(schema).filter(|fields| fields.is_empty()).map(|_| target)
    }

    /// The content of the root struct.
    pub(super) fn whole(&mut self, schema: &'s Schema, id: TypeId) -> Object {
        self.tables.insert(id);
        let spoken = self.spoken(schema);
        let flat = self.flat(schema, &spoken);
        let sources: Vec<&'s Schema> = std::iter::once(schema).chain(flat.iter().map(|part| part.fields)).collect();
        let required = self.always_required(schema, &sources);
        let is_required: HashSet<&str> = required.iter().copied().collect();
        let mut fields: Vec<Field> = Vec::with_capacity(spoken.all.len());
        for (key, spoken) in &spoken.all {
            let origin = Origin::Field { owner: id, field: fields.len(), item: Item::Whole };
            let own = spoken.iter().find(|one| sources.iter().any(|source| std::ptr::eq(*source, one.by)));
            let lowered = match own {
                Some(own) => self.value(own.schema, &origin),
                None => self.brought(spoken, &origin),
            };
            let Some(first) = own.or(spoken.first()) else { continue };
            let others = spoken.iter().filter(|one| one.sure && !std::ptr::eq(one.schema, first.schema));
            let parts: Vec<&'s Schema> = std::iter::once(first).chain(others).map(|one| one.schema).collect();
            fields.push(self.field(key, &parts, lowered, is_required.contains(key)));
        }
        Object { rules: self.rules_of_the_whole(schema, &flat), ..assembled(fields, &required) }
    }

    /// All that is said about fields. A closed object has none but its own.
    fn spoken(&self, root: &'s Schema) -> Fields<'s> {
        let (mut fields, mut met) = (Fields::default(), HashSet::new());
        let mut waiting = vec![(root, true)];
        while let Some((by, sure)) = waiting.pop() {
            if !met.insert((std::ptr::from_ref(by), sure)) {
                continue;
            }
            by.object.properties.iter().for_each(|(key, schema)| fields.add(key, Spoken { schema, by, sure }));
            if is_closed(root) {
                break;
            }
            let always = self.document.target_of(by).into_iter().chain(&by.all_of);
            let others = by.others.iter().filter(|(keyword, _)| PERHAPS.contains(&keyword.as_str()));
            let perhaps = by.any_of.iter().chain(&by.one_of).chain(others.flat_map(|(_, other)| other.parts()));
            let parts: Vec<_> = always.map(|part| (part, sure)).chain(perhaps.map(|part| (part, false))).collect();
            waiting.extend(parts.into_iter().rev());
        }
        fields
    }

    /// The parts that hold for every object and say nothing but fields of which no other part speaks.
    fn flat(&self, root: &'s Schema, spoken: &Fields<'s>) -> Vec<Flat<'s>> {
        if is_closed(root) {
            return Vec::new();
        }
        let target = self.document.target_of(root);
        let parts = root.all_of.iter().map(|part| Flat { part, fields: self.root_of(part) });
        let parts = target.map(|target| Flat { part: root, fields: self.root_of(target) }).into_iter().chain(parts);
        let is_flat = |part: &Flat<'s>| {
            part.fields.reference.is_none()
                && says_only_fields(part.fields)
                    .is_some_and(|fields| fields.iter().all(|(key, _)| spoken.has_one_part(key)))
        };
        parts.filter(is_flat).collect()
    }

    /// The keys that every object has, in the order in which they are said to be required.
    fn always_required(&self, root: &'s Schema, sources: &[&'s Schema]) -> Vec<&'s str> {
        let mut required: Vec<&str> =
            sources.iter().flat_map(|source| &source.object.required).map(String::as_str).collect();
        if !is_closed(root) {
            required.extend(self.required_by(root, &mut Vec::new(), &mut 0));
        }
        required
    }

    fn required_by(&self, schema: &'s Schema, trail: &mut Vec<*const Schema>, visited: &mut usize) -> Vec<&'s str> {
        *visited += 1;
        if trail.contains(&std::ptr::from_ref(schema)) || *visited > MAX_PARTS {
            return Vec::new();
        }
        trail.push(schema);
        let mut required: Vec<&str> = schema.object.required.iter().map(String::as_str).collect();
        let target = self.document.target_of(schema);
        for part in target.into_iter().chain(&schema.all_of) {
            required.extend(self.required_by(part, trail, visited));
        }
        for forms in [&schema.any_of, &schema.one_of] {
            let mut forms = forms.iter().map(|form| self.required_by(form, trail, visited));
            let first = forms.next().unwrap_or_default();
            let others: Vec<Vec<&str>> = forms.collect();
            required.extend(first.into_iter().filter(|key| others.iter().all(|other| other.contains(key))));
        }
        trail.pop();
        required
    }

    /// A field that the root does not speak of itself: what all parts say that hold for every object; where there are none,
    /// what any part says.
    fn brought(&mut self, spoken: &[Spoken<'s>], origin: &Origin) -> Lowered {
        let of = |sure: bool| spoken.iter().filter(move |one| one.sure == sure).map(|one| one.schema);
        let (sure, perhaps): (Vec<&'s Schema>, Vec<&'s Schema>) = (of(true).collect(), of(false).collect());
        match (sure.as_slice(), perhaps.as_slice()) {
            ([one], _) | ([], [one]) => self.value(one, origin),
            ([], any) => {
                let ty = self.united(any, origin);
                let forms: Vec<Vec<Rule>> = any.iter().map(|part| self.rules(part, true)).collect();
                let is_free = forms.iter().any(Vec::is_empty);
                Lowered { ty, rules: if is_free { Vec::new() } else { vec![Rule::AnyOf(forms)] } }
            }
            (all, _) => {
                let ty = self.intersected(all, origin);
                Lowered { ty, rules: all.iter().flat_map(|part| self.rules(part, true)).collect() }
            }
        }
    }

    /// What a root schema asks of the object as a whole; elsewhere these rules belong to the field.
    fn rules_of_the_whole(&mut self, schema: &'s Schema, flat: &[Flat<'s>]) -> Vec<Rule> {
        let is_flat = |part: &Schema| flat.iter().any(|one| std::ptr::eq(one.part, part));
        let mut rules = Vec::new();
        self.size_rules(schema, &mut rules);
        if !is_flat(schema) {
            rules.extend(self.referred_rules(schema, true));
        }
        self.combined_rules(schema, |part| !is_flat(part), true, &mut rules);
        rules.extend(self.fragment(schema));
        rules
    }
}

/// The fields of an object schema that says nothing else, a reference apart.
fn says_only_fields(schema: &Schema) -> Option<&[(String, Schema)]> {
    let mut rest = Schema { reference: None, definitions: Vec::new(), ..schema.without_texts() };
    rest.object = ObjectRules { properties: Vec::new(), required: Vec::new(), ..rest.object };
    rest.types.retain(|name| name != "object");
    (rest == Schema::default()).then_some(&schema.object.properties)
}

/// Whether an object may have no other fields than its own.
fn is_closed(schema: &Schema) -> bool {
    schema.object.additional.as_ref().is_some_and(|rest| rest.boolean == Some(false))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ir::{Media, Object, Rule, Ty, TypeKind};
    use crate::schema::parse;

    fn root(schema: &Value) -> Object {
        let types = super::super::input(&parse(schema, "").expect("valid")).unwrap_or_else(|told| panic!("{told}"));
        let Some(TypeKind::Object(object)) = types.into_iter().next().map(|first| first.kind) else {
            panic!("an object")
        };
        object
    }

    /// Key, type, whether it is required, how many rules it has itself.
    fn fields(object: &Object) -> Vec<(&str, &Ty, bool, usize)> {
        let fields = object.fields.iter();
        fields.map(|field| (field.key.as_str(), &field.ty, field.required, field.rules.len())).collect()
    }

    #[test]
    fn a_part_that_says_only_fields_is_read_as_if_it_stood_in_the_root() {
        let part = json!({"type": "object", "properties": {"prompt": {"type": "string", "maxLength": 9}}, "required": ["prompt"]});
        let seed = json!({"type": "integer"});
        let flat =
            root(&json!({"type": "object", "properties": {"seed": seed, "prompt": part["properties"]["prompt"]},
            "required": ["prompt"]}));
        for split in [
            json!({"type": "object", "properties": {"seed": seed}, "allOf": [part]}),
            json!({"properties": {"seed": seed}, "$ref": "#/$defs/P", "$defs": {"P": part}}),
            json!({"allOf": [{"properties": {"seed": seed}}, {"$ref": "#/$defs/P"}], "$defs": {"P": part}}),
            json!({"$ref": "#/$defs/R", "$defs": {"P": part, "R": {"properties": {"seed": seed}, "allOf": [{"$ref": "#/$defs/P"}]}}}),
        ] {
            let found = root(&split);
            assert_eq!(fields(&found), fields(&flat), "{split}");
            assert_eq!((&found.required, &found.rules), (&vec![1], &Vec::new()), "{split}");
        }
    }

    #[test]
    fn the_forms_of_a_root_bring_their_fields_and_the_whole_keeps_their_rules() {
        let text = json!({"type": "string", "minLength": 2});
        let image = json!({"type": "string", "format": "image_uri"});
        for keyword in ["anyOf", "oneOf"] {
            let found = root(&json!({keyword: [
                {"properties": {"prompt": text, "image": image, "strength": {"type": "integer"}}, "required": ["prompt", "image"]},
                {"properties": {"prompt": text, "strength": {"type": "string"}}, "required": ["prompt"]}
            ]}));
            let strength = found.fields[2].ty.clone();
            assert!(matches!(strength, Ty::Named(_)), "{strength:?}");
            assert_eq!(
                fields(&found),
                [
                    ("prompt", &Ty::Text, true, 1),
                    ("image", &Ty::Media(Media::Image), false, 2),
                    ("strength", &strength, false, 1)
                ]
            );
            assert!(matches!(found.rules.as_slice(), [Rule::AnyOf(forms) | Rule::OneOf(forms)] if forms.len() == 2));
        }
    }

    #[test]
    #[cfg(feature = "fragments")]
    fn fields_that_only_some_objects_have_are_optional() {
        let then = json!({"properties": {"mask": {"type": "number"}}, "required": ["mask"]});
        for rest in [
            json!({"if": {"required": ["seed"]}, "then": then, "else": {"properties": {"steps": {"type": "boolean"}}}}),
            json!({"allOf": [{"if": {"required": ["seed"]}, "then": then}, {"dependentSchemas": {"seed":
                {"properties": {"steps": {"type": "boolean"}}}}}]}),
            json!({"dependencies": {"seed": {"anyOf": [then, {"properties": {"steps": {"type": "boolean"}}}]}}}),
        ] {
            let mut schema = rest.clone();
            schema["properties"] = json!({"seed": {"type": "integer"}});
            let found = root(&schema);
            let expected = [("seed", &Ty::I64, false, 1), ("mask", &Ty::F64, false, 1), ("steps", &Ty::Bool, false, 1)];
            assert_eq!(fields(&found), expected, "{rest}");
            assert!(!found.rules.is_empty(), "{rest}");
        }
    }

    #[test]
    fn what_two_parts_say_of_a_field_both_hold() {
        let found = root(&json!({"allOf": [
            {"properties": {"size": {"type": "number", "minimum": 1}}},
            {"properties": {"size": {"type": "integer"}}, "minProperties": 1}
        ]}));
        assert_eq!(fields(&found), [("size", &Ty::I64, false, 3)]);
        assert!(matches!(found.rules.as_slice(), [Rule::AllOf(parts)] if parts.len() == 2), "{:?}", found.rules);
    }

    #[test]
    fn a_closed_root_has_its_own_fields_alone() {
        let found = root(&json!({"properties": {"seed": {}}, "additionalProperties": false,
            "allOf": [{"properties": {"prompt": {"type": "string"}}}]}));
        assert_eq!(fields(&found), [("seed", &Ty::Json, false, 0)]);
        assert!(matches!(found.rules.as_slice(), [Rule::AllOf(_)]));
    }

    #[test]
    fn a_root_without_fields_is_refused() {
        for schema in [json!({"type": "object"}), json!({"$ref": "#"}), json!({"allOf": [{"$ref": "#"}]})] {
            let told = super::super::input(&parse(&schema, "").expect("valid")).expect_err("no fields").to_string();
            assert!(told.contains("has no fields") || told.contains("leads back to itself"), "{told}");
        }
    }
}
