//! One object schema in, one struct with its fields out. The order of fields is the published one here; the lock's order
//! comes with the names.

use super::{Direction, Lowered, Lowering};
use crate::ir::{Extra, Field, Item, Object, Origin, Ty, TypeId, TypeKind};
use crate::schema::Schema;

impl<'s> Lowering<'s> {
    /// Lowers an object with properties to a struct. Tells whether this happens inside the struct itself.
    pub(super) fn structure(&mut self, schema: &'s Schema, origin: &Origin) -> (TypeId, bool) {
        self.named(schema, origin, false, |lowering, id| {
            let is_root = matches!(origin, Origin::Fixed(_));
            let mut object = if is_root { lowering.whole(schema, id) } else { lowering.content(schema, id, false) };
            object.is_input = is_root && lowering.direction == Direction::Request;
            object.extra = lowering.extra(schema, object.is_input);
            TypeKind::Object(object)
        })
    }

    /// The fields of a struct, or of a table that only the checker needs.
    pub(super) fn content(&mut self, schema: &'s Schema, id: TypeId, table_only: bool) -> Object {
        self.tables.insert(id);
        let object = &schema.object;
        let mut fields: Vec<Field> = Vec::new();
        for (key, part) in &object.properties {
            let origin = Origin::Field { owner: id, field: fields.len(), item: Item::Whole };
            let lowered = match table_only {
                true => Lowered { ty: Ty::Json, rules: self.rules_within(part, true) },
                false => self.value(part, &origin),
            };
            fields.push(self.field(key, &[part], lowered, object.required.contains(key)));
        }
        assembled(fields, &object.required)
    }

    /// A field of which several schemas may speak: what one does not say, the next one may say.
    pub(super) fn field(&mut self, key: &str, parts: &[&'s Schema], lowered: Lowered, required: bool) -> Field {
        let mut all: Vec<&Schema> = Vec::new();
        for part in parts {
            all.push(part);
            // And what a reference does not say itself, its target.
            all.extend(part.reference.as_ref().and_then(|reference| self.target(part, reference)));
        }
        let text = |of: fn(&Schema) -> &String| {
            all.iter().map(|part| of(part)).find(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        Field {
            name: String::new(),
            json: String::new(),
            aliases: Vec::new(),
            key: key.to_owned(),
            title: text(|schema| &schema.title),
            description: text(|schema| &schema.description),
            required,
            default: all.iter().find_map(|part| part.default.clone()),
            ty: lowered.ty,
            rules: lowered.rules,
            format: text(|schema| &schema.format),
            fixed: None,
        }
    }

    fn extra(&self, schema: &Schema, is_input: bool) -> Extra {
        let wanted = schema.object.additional.as_ref().is_some_and(|rest| rest.boolean != Some(false));
        match self.direction {
            Direction::Response => Extra::Open,
            Direction::Request if is_input || wanted => Extra::Map,
            Direction::Request => Extra::None,
        }
    }
}

/// An object of these fields, in which `required` are required.
pub(super) fn assembled<S: AsRef<str>>(mut fields: Vec<Field>, required: &[S]) -> Object {
    // A key may be required without a schema: then any value will do.
    for key in required.iter().map(AsRef::as_ref) {
        if fields.iter().all(|field| field.key != key) {
            fields.push(bare_field(key));
        }
    }
    let place = |key: &S| fields.iter().position(|field| field.key == key.as_ref());
    let mut required: Vec<usize> = required.iter().filter_map(place).collect();
    let mut seen = std::collections::HashSet::new();
    required.retain(|place| seen.insert(*place));
    Object { fields, required, extra: Extra::None, is_input: false, rules: Vec::new(), parts: Vec::new() }
}

pub(super) fn bare_field(key: &str) -> Field {
    Field {
        name: String::new(),
        json: String::new(),
        aliases: Vec::new(),
        key: key.to_owned(),
        title: String::new(),
        description: String::new(),
        required: true,
        default: None,
        ty: Ty::Json,
        rules: Vec::new(),
        format: String::new(),
        fixed: None,
    }
}
