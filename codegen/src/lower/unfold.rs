//! How large rules are, written out in full, as the lock spells them: types in, an error where references multiply out.
//! Must not know what a lock is.

use crate::ir::{Rule, Type, TypeId};
use crate::{Error, ErrorKind};

/// Schemas visited per file, references followed included, and parts of a field's rules: what takes more would take for
/// ever, since references to references multiply.
pub(super) const MAX_PARTS: usize = 10_000;

/// Refuses the first field whose rules, written out, have more than [`MAX_PARTS`] parts.
pub(super) fn limited(types: &[Type]) -> Result<(), Error> {
    for of in types {
        let Some(object) = of.kind.object() else { continue };
        for field in &object.fields {
            if !(Unfolding { types, inside: Vec::new(), left: MAX_PARTS }).field(&field.rules) {
                return Err(multiplied(&format!("the rules of {:?}", field.key)).at(&of.pointer));
            }
        }
    }
    Ok(())
}

/// The error for `what` has too many parts.
pub(super) fn multiplied(what: &str) -> Error {
    let message = format!("references multiply: written out, {what} have more than {MAX_PARTS} parts");
    Error::new(ErrorKind::InvalidSchema, message).help("report it to RunComfy; such a schema can't be taken")
}

struct Unfolding<'a> {
    types: &'a [Type],
    /// The tables around: one within itself is not written out again.
    inside: Vec<TypeId>,
    left: usize,
}

impl Unfolding<'_> {
    /// Whether the rules of a field are within what is left. Its objects are spelled by themselves, so they don't count.
    fn field(&mut self, rules: &[Rule]) -> bool {
        rules.iter().all(|rule| match rule {
            Rule::Properties(_) => true,
            Rule::Items(rules) => self.field(rules),
            other => self.one(other),
        })
    }

    /// Whether all the rules are within what is left.
    fn all(&mut self, rules: &[Rule]) -> bool {
        rules.iter().all(|rule| self.one(rule))
    }

    fn one(&mut self, rule: &Rule) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        match rule {
            Rule::Properties(id) if !self.inside.contains(id) => self.table(*id),
            other => other.lists().into_iter().all(|rules| self.all(rules)),
        }
    }

    fn table(&mut self, id: TypeId) -> bool {
        let types = self.types;
        let Some(object) = types[id].kind.object() else { return true };
        self.inside.push(id);
        let fits = object.fields.iter().all(|field| self.all(&field.rules));
        self.inside.pop();
        fits
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::schema::parse;

    /// The error for an input whose field leads to `count` definitions, each made of the next, the last being a text.
    fn refused(count: usize, each: impl Fn(Value) -> Value) -> Option<String> {
        let next = |place: usize| json!({"$ref": format!("#/$defs/d{place}")});
        let mut definitions: Map<String, Value> =
            (0..count).map(|place| (format!("d{place}"), each(next(place + 1)))).collect();
        definitions.insert(format!("d{count}"), json!({"type": "string"}));
        let schema = json!({"type": "object", "properties": {"u": next(0)}, "$defs": definitions});
        let parsed = parse(&schema, "").expect("valid");
        crate::lower::input(&parsed).err().map(|errors| errors.to_string())
    }

    #[test]
    fn references_that_multiply_are_refused_and_in_time() {
        let both = |next: Value| json!({"allOf": [next, next]});
        let list_or_object = |next: Value| json!({"anyOf": [{"type": "array", "items": next}, {"type": "object", "properties": {"x": next}}]});
        for each in [both as fn(Value) -> Value, list_or_object] {
            assert_eq!(refused(3, each), None);
            let error = refused(40, each).expect("too many parts");
            assert!(error.contains("references multiply"), "{error}");
        }
    }

    /// Structs are written out once, however often they are used.
    #[test]
    fn objects_that_share_objects_are_fine() {
        let two = |next: Value| json!({"type": "object", "properties": {"a": next, "b": next}});
        assert_eq!(refused(15, two), None);
    }
}
