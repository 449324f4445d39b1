//! Where a type or a field is, from the whole input down, as `overrides.toml` writes it. Made of steps, which no key can
//! imitate: `camera/lens`, `image_size<object>/5_text`. Must not know how things are named.

use crate::ir::{Item, Origin, Type, TypeId, TypeKind};

/// The steps from the whole input to a type or a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Into the value of a key, or of a place in a tuple; the items of a list are where the list is.
    Key(String),
    /// Into a form of a union, by what it is known by.
    Form(String),
}

impl Place {
    /// The place of a type.
    pub(crate) fn of(types: &[Type], id: TypeId) -> Self {
        let of = &types[id];
        let within = |owner: TypeId, step: Option<Step>, item: &Item| {
            let mut place = Self::of(types, owner);
            place.0.extend(step);
            if let Item::Place(places) = item {
                place.0.extend(places.iter().map(|at| Step::Key(at.to_string())));
            }
            place
        };
        match (&of.origin, &of.kind) {
            (Origin::Field { owner, field, item }, _) => {
                let key = match &types[*owner].kind {
                    TypeKind::Object(object) => object.fields.get(*field).map(|field| Step::Key(field.key.clone())),
                    _ => None,
                };
                within(*owner, key, item)
            }
            (Origin::Form { owner, form, item }, _) => {
                let form = match &types[*owner].kind {
                    TypeKind::Union(union) => union.forms.get(*form).map(|form| Step::Form(form.key.clone())),
                    _ => None,
                };
                within(*owner, form, item)
            }
            (Origin::Fixed(_) | Origin::Definition(_), _) => Self::at(&of.pointer),
        }
    }

    /// The place of the schema at a JSON pointer, without the words of JSON Schema on the way.
    fn at(pointer: &str) -> Self {
        let mut steps = Vec::new();
        let mut tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
        while let Some(token) = tokens.next() {
            match token.as_str() {
                "properties" => steps.extend(tokens.next().map(Step::Key)),
                "items" | "additionalProperties" => {}
                _ => steps.push(Step::Key(token)),
            }
        }
        Self(steps)
    }

    /// The place of a key of the object that is here.
    pub(crate) fn key(&self, key: &str) -> Self {
        let mut place = self.clone();
        place.0.push(Step::Key(key.to_owned()));
        place
    }

    /// Whether this is the whole input.
    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The place as `overrides.toml` writes it.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for step in &self.0 {
            match step {
                Step::Key(key) => {
                    text += if text.is_empty() { "" } else { "/" };
                    text += &escaped(key);
                }
                Step::Form(form) => text += &format!("<{}>", escaped(form)),
            }
        }
        text
    }
}

/// A key that is no step but one.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1").replace('<', "~2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_a_word_of_json_schema_is_a_key() {
        let text = |pointer: &str| Place::at(pointer).text();
        assert_eq!(text(""), "");
        assert_eq!(text("/properties/camera"), "camera");
        assert_eq!(text("/properties/items/items"), "items");
        assert_eq!(text("/properties/items/items/properties/properties"), "items/properties");
        assert_eq!(text("/properties/itemsize"), "itemsize");
        assert_eq!(text("/$defs/Camera"), "$defs/Camera");
    }

    #[test]
    fn no_key_looks_like_two_steps() {
        let place = Place::default();
        assert_ne!(place.key("a/b").text(), place.key("a").key("b").text());
        assert_eq!(place.key("a/b~<c>").text(), "a~1b~0~2c>");
    }
}
