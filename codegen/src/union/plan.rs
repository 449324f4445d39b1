//! A settled shape in, the list of Rust types it needs out, each with its name. Must not know typify or syntax.
//!
//! A variant is named for its form (`Number`, `Text`, `Image`), a listed text is `Preset`, an object `Object`. Where a
//! union has several lists, they take the form of their items (`NumberList`); several objects take the value or the key
//! that no other has (`Url`), or their few keys together (`HeightWidth`). A type inside another takes its name and the variant's or field's.

use std::collections::HashSet;

use super::names;
use super::shape::{Field, Media, Object, Rest, Shape};

/// An object with no more keys than this may be named for all of them.
const FEW_KEYS: usize = 3;

/// The types of one union, outermost first.
#[derive(Debug, PartialEq)]
pub(super) struct Plan {
    /// The type of the value itself.
    pub(super) root: Type,
    /// What has to be declared; [`Type::Named`] points here.
    pub(super) definitions: Vec<Definition>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) body: Body,
}

#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// Values and their variants.
    Choice(Vec<Tag>),
    Struct(Fields),
    /// Variants and what they hold, in reading order.
    Untagged(Vec<(String, Type)>),
    /// Objects told apart by the value of the key `tag`.
    Tagged {
        tag: String,
        variants: Vec<(Tag, Fields)>,
    },
}

/// A text and the variant that stands for it.
#[derive(Debug, PartialEq)]
pub(super) struct Tag {
    pub(super) value: String,
    pub(super) variant: String,
}

#[derive(Debug, PartialEq)]
pub(super) struct Fields {
    pub(super) fields: Vec<PlannedField>,
    /// The type of the values of all other keys, where there may be any.
    pub(super) rest: Option<Type>,
}

#[derive(Debug, PartialEq)]
pub(super) struct PlannedField {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) required: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Json,
    Bool,
    Integer,
    Number,
    Text,
    Media(Media),
    List(Box<Type>),
    Map(Box<Type>),
    Nullable(Box<Type>),
    /// The definition at this position.
    Named(usize),
}

/// The plan for `shape`; none if two of its types or variants would have one name.
pub(super) fn plan(name: &str, shape: &Shape) -> Option<Plan> {
    let mut planner = Planner::default();
    let root = planner.ty(name, shape)?;
    let definitions = planner.definitions.into_iter().collect::<Option<_>>()?;
    Some(Plan { root, definitions })
}

#[derive(Default)]
struct Planner {
    names: HashSet<String>,
    /// None while the definition is still being worked out.
    definitions: Vec<Option<Definition>>,
}

impl Planner {
    /// The type of `shape`, which is called `name` if it has to be declared.
    fn ty(&mut self, name: &str, shape: &Shape) -> Option<Type> {
        let (shape, nullable) = shape.split_null();
        let ty = match shape {
            None | Some(Shape::Any | Shape::Unknown | Shape::Null) => return Some(Type::Json),
            Some(Shape::Bool) => Type::Bool,
            Some(Shape::Integer) => Type::Integer,
            Some(Shape::Number) => Type::Number,
            Some(Shape::Text) => Type::Text,
            Some(Shape::Media(kind)) => Type::Media(kind),
            Some(Shape::List(items)) => Type::List(Box::new(self.ty(&format!("{name}Item"), &items)?)),
            Some(Shape::Map(values)) => Type::Map(Box::new(self.ty(&format!("{name}Value"), &values)?)),
            Some(Shape::Choice(values)) => self.declare(name, |_| tags(name, values).map(Body::Choice))?,
            Some(Shape::Object(object)) => {
                self.declare(name, |planner| planner.fields(name, &object, None).map(Body::Struct))?
            }
            Some(Shape::Union(branches)) => self.declare(name, |planner| planner.union(name, &branches))?,
        };
        Some(if nullable { Type::Nullable(Box::new(ty)) } else { ty })
    }

    fn declare(&mut self, name: &str, body: impl FnOnce(&mut Self) -> Option<Body>) -> Option<Type> {
        if !self.names.insert(name.to_owned()) {
            return None;
        }
        let at = self.definitions.len();
        self.definitions.push(None);
        let body = body(self)?;
        *self.definitions.get_mut(at)? = Some(Definition { name: name.to_owned(), body });
        Some(Type::Named(at))
    }

    /// The fields of an object but for its tag.
    fn fields(&mut self, name: &str, object: &Object, tag: Option<&str>) -> Option<Fields> {
        let kept: Vec<&Field> = object.fields.iter().filter(|field| Some(field.key.as_str()) != tag).collect();
        let keys: Vec<&str> = kept.iter().map(|field| field.key.as_str()).collect();
        let mut fields = Vec::with_capacity(kept.len());
        for (field, field_name) in kept.into_iter().zip(names::fields(&keys)?) {
            let ty = self.ty(&format!("{name}{}", names::part(&field.key)?), &field.shape)?;
            fields.push(PlannedField { key: field.key.clone(), name: field_name, ty, required: field.required });
        }
        let rest = match &object.rest {
            Rest::Open(rest) => Some(self.ty(&format!("{name}Extra"), rest)?),
            Rest::Unsaid | Rest::Closed => None,
        };
        Some(Fields { fields, rest })
    }

    fn union(&mut self, name: &str, branches: &[Shape]) -> Option<Body> {
        if let Some((tag, values, objects)) = tagged(branches) {
            let mut variants = Vec::with_capacity(objects.len());
            for (tag_value, object) in tags(name, values)?.into_iter().zip(objects) {
                let fields = self.fields(&format!("{name}{}", tag_value.variant), object, Some(&tag))?;
                variants.push((tag_value, fields));
            }
            return Some(Body::Tagged { tag, variants });
        }
        let mut variants = Vec::with_capacity(branches.len());
        for branch in branches {
            let label = label(branch, branches)?;
            if variants.iter().any(|(other, _)| *other == label) {
                return None;
            }
            let ty = self.ty(&format!("{name}{label}"), branch)?;
            variants.push((label, ty));
        }
        Some(Body::Untagged(variants))
    }
}

fn tags(name: &str, values: Vec<String>) -> Option<Vec<Tag>> {
    let names = names::variants(name, &values)?;
    Some(values.into_iter().zip(names).map(|(value, variant)| Tag { value, variant }).collect())
}

/// The key that tells all branches apart, its values and the objects, if all are closed objects with such a key.
fn tagged(branches: &[Shape]) -> Option<(String, Vec<String>, Vec<&Object>)> {
    let mut objects = Vec::with_capacity(branches.len());
    for branch in branches {
        match branch {
            Shape::Object(object) if object.rest == Rest::Closed => objects.push(object),
            _ => return None,
        }
    }
    let mut keys: Vec<&str> = objects.first()?.fields.iter().map(|field| field.key.as_str()).collect();
    keys.sort_unstable();
    keys.into_iter().find_map(|key| {
        let values: Vec<String> = objects.iter().map(|object| tag_value(object, key)).collect::<Option<_>>()?;
        let distinct = values.iter().collect::<HashSet<_>>().len() == values.len();
        distinct.then(|| (key.to_owned(), values, objects.clone()))
    })
}

/// The one text that `key` always has in this object.
fn tag_value(object: &Object, key: &str) -> Option<String> {
    match object.field(key) {
        Some(Field { required: true, shape: Shape::Choice(values), .. }) if values.len() == 1 => {
            values.first().cloned()
        }
        _ => None,
    }
}

/// The variant's name among `all` branches of its union.
fn label(branch: &Shape, all: &[Shape]) -> Option<String> {
    let alone = |kind: fn(&Shape) -> bool| all.iter().filter(|other| kind(other)).count() == 1;
    match branch {
        Shape::List(_) if alone(|other| matches!(other, Shape::List(_))) => Some("List".to_owned()),
        Shape::Map(_) if alone(|other| matches!(other, Shape::Map(_))) => Some("Map".to_owned()),
        Shape::Object(object) if !alone(|other| matches!(other, Shape::Object(_))) => distinction(object, all),
        other => Some(word(other)),
    }
}

fn word(shape: &Shape) -> String {
    let word = match shape {
        Shape::Any | Shape::Unknown => "Json",
        Shape::Null => "Null",
        Shape::Bool => "Bool",
        Shape::Integer => "Integer",
        Shape::Number => "Number",
        Shape::Text => "Text",
        Shape::Media(Media::Image) => "Image",
        Shape::Media(Media::Video) => "Video",
        Shape::Media(Media::Audio) => "Audio",
        Shape::Choice(_) => "Preset",
        Shape::List(items) => return format!("{}List", word(items)),
        Shape::Map(values) => return format!("{}Map", word(values)),
        Shape::Object(_) => "Object",
        Shape::Union(_) => match shape.split_null() {
            (Some(only), true) if !matches!(only, Shape::Union(_)) => return word(&only),
            _ => "Mixed",
        },
    };
    word.to_owned()
}

/// The name of one of several objects: the value of a key, if no other object has that value; else the first required
/// key, else the first key, that no other has; else its few keys together. "First" is by the alphabet, so that the
/// published order doesn't matter.
fn distinction(object: &Object, all: &[Shape]) -> Option<String> {
    let others: Vec<&Object> = all
        .iter()
        .filter_map(|shape| match shape {
            Shape::Object(other) if other != object => Some(other),
            _ => None,
        })
        .collect();
    let mut fields: Vec<&Field> = object.fields.iter().collect();
    fields.sort_by_key(|field| (!field.required, &field.key));
    let value = fields.iter().find_map(|field| {
        let value = tag_value(object, &field.key)?;
        let own = others.iter().all(|other| tag_value(other, &field.key).as_ref() != Some(&value));
        own.then_some(value)
    });
    let own_key = || fields.iter().find(|field| others.iter().all(|other| other.field(&field.key).is_none()));
    let few_keys = || {
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        (keys.len() <= FEW_KEYS).then(|| keys.join(" "))
    };
    let text = value.or_else(|| own_key().map(|field| field.key.clone())).or_else(few_keys)?;
    let name = names::part(&text)?;
    Some(match name.as_str() {
        "Self" | "Bool" | "Integer" | "Number" | "Text" | "Image" | "Video" | "Audio" | "Preset" | "List" | "Map" => {
            format!("{name}Object")
        }
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("Object{name}"),
        _ => name,
    })
}
