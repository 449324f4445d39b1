//! `$ref` in, the schema it means out. Only references within the file are followed.

use super::value::{or_null, sole_part};
use super::{Followed, Lowering};
use crate::ErrorKind;
use crate::schema::Schema;

impl<'s> Lowering<'s> {
    /// The schema that `schema` refers to.
    pub(super) fn target(&mut self, schema: &'s Schema, reference: &str) -> Option<&'s Schema> {
        if !reference.starts_with('#') {
            let message = format!("the reference {reference:?} leads out of the file");
            self.fail(schema, ErrorKind::Reference, message, "put the schema it means under `$defs` of this file");
            return None;
        }
        let target = self.document.referred(reference);
        if target.is_none() {
            let message = format!("the reference {reference:?} leads nowhere");
            self.fail(schema, ErrorKind::Reference, message, "no schema stands at that JSON pointer in this file");
        }
        target
    }

    /// Lowers what a reference leads to, unless `most` of the references being followed lead there already.
    pub(super) fn follow<T>(
        &mut self,
        target: &'s Schema,
        (table_only, most): (bool, usize),
        lower: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let is_again = |one: &&Followed| one.pointer == target.pointer && one.table_only == table_only;
        if self.following.iter().filter(is_again).count() > most {
            return None;
        }
        self.following.push(Followed { pointer: target.pointer.clone(), table_only, nesting: self.nesting });
        let lowered = lower(self);
        self.following.pop();
        Some(lowered)
    }

    /// Whether a reference comes back without a list, map or object between, so that following it would never end.
    pub(super) fn leads_to_itself(&mut self, schema: &'s Schema, target: &'s Schema) -> bool {
        let is_here = |one: &Followed| one.pointer == target.pointer && one.nesting == self.nesting;
        let endless = self.following.iter().any(is_here);
        if endless {
            let message = "this reference leads back to itself, without a list, map or object between";
            self.fail(
                schema,
                ErrorKind::Reference,
                message,
                "report it to RunComfy: no checker can read such a schema",
            );
        }
        endless
    }

    /// Whether a list or map holds itself, with no struct or union between that would give it a name.
    pub(super) fn holds_itself(&self, schema: &'s Schema) -> bool {
        let mut waiting: Vec<&Schema> = held(schema).collect();
        let mut met: Vec<*const Schema> = Vec::new();
        while let Some(part) = waiting.pop().map(|part| self.plain(part)) {
            if std::ptr::eq(part, schema) {
                return true;
            }
            if !met.contains(&std::ptr::from_ref(part)) {
                met.push(part);
                waiting.extend(held(part));
            }
        }
        false
    }

    /// The schema that makes the type: what references, lone parts and nullable wrappings lead to.
    pub(super) fn plain(&self, mut schema: &'s Schema) -> &'s Schema {
        const MAX_STEPS: usize = 32;
        for _ in 0..MAX_STEPS {
            let referred = self.document.target_of(schema);
            let inner = referred.or_else(|| sole_part(schema)).or_else(|| or_null(schema, &self.document));
            let Some(inner) = inner else { break };
            schema = inner;
        }
        schema
    }
}

/// The values in a list or map.
fn held(schema: &Schema) -> impl Iterator<Item = &Schema> {
    let values = schema.object.additional.as_deref().filter(|_| schema.object.properties.is_empty());
    let items = schema.array.prefix.iter().chain(schema.array.items.as_deref());
    values.into_iter().chain(items).filter(|_| !schema.is_combined())
}
