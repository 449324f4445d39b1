//! Our reading of a schema: the representation in, a [`Reading`] out. Must not know typify.

use crate::ir::{Object, Ty, Type, TypeId, TypeKind};

use super::reading::{Property, Reading};

/// What our types say of a value.
pub(super) fn read(ty: &Ty, types: &[Type]) -> Reading {
    Reader { types, inside: Vec::new() }.reading(ty)
}

struct Reader<'t> {
    types: &'t [Type],
    /// The types that are being read.
    inside: Vec<TypeId>,
}

impl Reader<'_> {
    fn reading(&mut self, ty: &Ty) -> Reading {
        match ty {
            Ty::Bool => Reading::Scalar("boolean"),
            Ty::I64 | Ty::U64 => Reading::Scalar("integer"),
            Ty::F64 => Reading::Scalar("number"),
            Ty::Text | Ty::Media(_) => Reading::Scalar("string"),
            Ty::Json => Reading::Any,
            Ty::List(items) => Reading::List(self.reading(items).into()),
            Ty::Map(values) => Reading::Map(self.reading(values).into()),
            Ty::Tuple(parts) => Reading::Tuple(parts.iter().map(|part| self.reading(part)).collect()),
            Ty::Nullable(inner) => self.reading(inner).nullable(),
            Ty::Named(id) | Ty::Boxed(id) => self.named(*id),
        }
    }

    fn named(&mut self, id: TypeId) -> Reading {
        let Some(of) = self.types.get(id).filter(|_| !self.inside.contains(&id)) else { return Reading::Again };
        self.inside.push(id);
        let reading = match &of.kind {
            TypeKind::Object(object) | TypeKind::Table(object) => self.object(object),
            TypeKind::Choice(choice) => {
                Reading::Values(choice.values.iter().map(|value| value.value.clone()).collect())
            }
            TypeKind::Union(of) => {
                Reading::union(of.forms.iter().map(|form| self.reading(&form.ty).without_tags()).collect::<Vec<_>>())
            }
        };
        self.inside.pop();
        reading
    }

    fn object(&mut self, object: &Object) -> Reading {
        let properties = object.fields.iter().map(|field| {
            let reading = match &field.fixed {
                Some(text) => Reading::Values([text.clone()].into()),
                None => self.reading(&field.ty),
            };
            let property = Property { required: field.required, reading };
            (field.key.clone(), property)
        });
        Reading::object(properties.collect())
    }
}
