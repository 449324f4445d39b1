//! `$ref` in, the schema it means out. Only references within the file are followed.

use super::Lowering;
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

    /// Whether following `target` again would never end.
    pub(super) fn leads_to_itself(&mut self, schema: &'s Schema, target: &'s Schema, table_only: bool) -> bool {
        let known = self.known.contains_key(&(target.pointer.clone(), table_only));
        let endless = !known && self.following.contains(&target.pointer);
        if endless {
            let help = "only an object may contain itself; a reference that leads back to itself has no values";
            self.fail(schema, ErrorKind::Reference, "this reference leads only to itself", help);
        }
        endless
    }
}
