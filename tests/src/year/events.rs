//! What happens to a published model in a week. Every event says by itself what a field is afterwards, so what becomes of
//! names and values can be judged. Must not know the lock's rules.

mod parts;

use fastrand::Rng;
use serde_json::{Value, json};

use super::published::{Fresh, Published, give_free_nodes};
use super::values;
use crate::stability::Spec;
use crate::stability::changes::{Change, Growth};
use crate::stability::shape::Shape;
use parts::{add, bring_back, bring_form_back, exchange_titles, grow, lose_form, remove, split};
use parts::{renumber_form, reorder_forms, retitle_form};

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Every node has another id.
    Renumbered,
    /// Node ids went round.
    Rotated,
    /// One field has another node id.
    OneRenumbered,
    /// Everything is published in another order.
    Reordered,
    /// Every field has another title.
    Retitled,
    /// One field has another title.
    OneRetitled,
    /// Titles are in another script.
    Translated,
    /// Two fields have each other's titles.
    TitlesExchanged,
    /// One more field.
    FieldAdded,
    /// One field less.
    FieldRemoved,
    /// A field that was gone is back.
    FieldReturned,
    /// One field is two now.
    FieldSplit,
    /// A field became required, or optional.
    RequiredChanged,
    /// A bound is stricter.
    BoundTightened,
    /// A bound is looser.
    BoundLoosened,
    /// A list has one more value.
    ValueGained,
    /// A list has one value less.
    ValueLost,
    /// A union has one more form.
    FormGained,
    /// A union has one form less.
    FormLost,
    /// A form that was gone is back.
    FormReturned,
    /// A form has one more field.
    FormFieldAdded,
    /// The forms of a union are published in another order.
    FormsReordered,
    /// All fields of a form have other titles.
    FormRetitled,
    /// All fields of a form have other node ids.
    FormRenumbered,
    /// A published default is another one.
    DefaultChanged,
    /// A description is another one.
    DescriptionChanged,
    /// A field takes values of another type.
    TypeChanged,
    /// The id of the model is spelt in another way.
    IdRespelt,
    /// The name that is shown is another one.
    DisplayNameChanged,
    /// The catalogue does not list the model any more.
    ModelRemoved,
    /// The catalogue lists it again.
    ModelReturned,
}

use Event as E;

/// All events that a listed model may have, the frequent ones more than once.
pub const EVENTS: [Event; 44] = [
    E::Renumbered,
    E::Renumbered,
    E::Renumbered,
    E::Rotated,
    E::OneRenumbered,
    E::Reordered,
    E::Reordered,
    E::Retitled,
    E::OneRetitled,
    E::OneRetitled,
    E::Translated,
    E::TitlesExchanged,
    E::FieldAdded,
    E::FieldAdded,
    E::FieldAdded,
    E::FieldRemoved,
    E::FieldRemoved,
    E::FieldReturned,
    E::FieldReturned,
    E::FieldSplit,
    E::RequiredChanged,
    E::BoundTightened,
    E::BoundLoosened,
    E::BoundLoosened,
    E::ValueGained,
    E::ValueGained,
    E::ValueLost,
    E::FormGained,
    E::FormGained,
    E::FormLost,
    E::FormLost,
    E::FormReturned,
    E::FormReturned,
    E::FormFieldAdded,
    E::FormFieldAdded,
    E::FormsReordered,
    E::FormRetitled,
    E::FormRetitled,
    E::FormRenumbered,
    E::DefaultChanged,
    E::DescriptionChanged,
    E::TypeChanged,
    E::IdRespelt,
    E::DisplayNameChanged,
];

/// A model has at most this many fields.
const MAX_FIELDS: usize = 12;

impl Event {
    /// Lets it happen; `before` is the model at the beginning of the week. Says whether there was anything it could
    /// happen to.
    pub fn happen(self, rng: &mut Rng, model: &mut Published, fresh: &mut Fresh, before: &Spec) -> bool {
        let old = model.clone();
        let happened = self.try_to_happen(rng, model, fresh, before);
        if !happened {
            *model = old;
        }
        happened
    }

    /// Whether something comes back that was gone.
    #[must_use]
    pub fn is_return(self) -> bool {
        matches!(self, E::FieldReturned | E::FormReturned)
    }

    fn try_to_happen(self, rng: &mut Rng, model: &mut Published, fresh: &mut Fresh, before: &Spec) -> bool {
        let spec = &mut model.spec;
        let some = rng.usize(0..spec.fields.len().max(1));
        match self {
            E::Renumbered => *spec = Change::Renumber.apply(rng, spec),
            E::Rotated => *spec = Change::Rotate.apply(rng, spec),
            E::Reordered => *spec = Change::Reorder.apply(rng, spec),
            E::Translated => *spec = Change::Translate.apply(rng, spec),
            E::OneRenumbered => {
                let taken = [before, &spec.clone()];
                give_free_nodes(rng, std::slice::from_mut(&mut spec.fields[some]), &taken, true);
            }
            E::Retitled => fresh.retitle_all(rng, &mut spec.fields, &|_| true),
            E::OneRetitled => spec.fields[some].title = fresh.title(rng),
            E::TitlesExchanged => return exchange_titles(rng, spec),
            E::FieldAdded => return add(rng, model, fresh, before),
            E::FieldRemoved => return remove(some, model, before),
            E::FieldReturned => return bring_back(rng, model, before),
            E::FieldSplit => return split(rng, some, model, fresh, before),
            E::RequiredChanged => {
                let required = &mut spec.fields[some].required;
                *required = if required.is_some() { None } else { Some(rng.u32(..)) };
            }
            E::BoundTightened => return each_plain(rng, spec, |schema, _| values::move_bound(schema, -1)),
            E::BoundLoosened => return each_plain(rng, spec, |schema, _| values::move_bound(schema, 3)),
            E::ValueGained => {
                let value = fresh.value();
                return each_plain(rng, spec, |schema, _| values::gain(schema, &value));
            }
            E::ValueLost => return each_plain(rng, spec, values::lose),
            E::DefaultChanged => return each_plain(rng, spec, values::change_default),
            E::TypeChanged => return change_type(rng, spec),
            E::FormGained => return grow(Growth::Form, rng, spec, fresh, before),
            E::FormFieldAdded => return grow(Growth::Field, rng, spec, fresh, before),
            E::FormLost => return lose_form(rng, model, before),
            E::FormReturned => return bring_form_back(rng, model, before),
            E::FormsReordered => return reorder_forms(rng, spec),
            E::FormRetitled => return retitle_form(rng, spec, fresh),
            E::FormRenumbered => return renumber_form(rng, spec, before),
            E::DescriptionChanged => {
                drop(model.descriptions.insert(spec.fields[some].uid, format!("It is {}.", fresh.value())));
            }
            E::IdRespelt => return respell(rng, &mut spec.id),
            E::DisplayNameChanged => model.display_name = format!("Model {}", fresh.value()),
            E::ModelRemoved => return std::mem::replace(&mut model.is_listed, false),
            E::ModelReturned => return !std::mem::replace(&mut model.is_listed, true),
        }
        true
    }
}

/// Changes the first schema, of a random order, that can be changed so.
fn each_plain(rng: &mut Rng, spec: &mut Spec, change: impl Fn(&mut Value, &mut Rng) -> bool) -> bool {
    let start = rng.usize(0..spec.fields.len());
    spec.fields.rotate_left(start);
    let mut happened = false;
    for field in &mut spec.fields {
        field.shape.each(&mut |shape| {
            if let (false, Shape::Plain(schema)) = (happened, shape) {
                happened = change(schema, rng);
            }
        });
    }
    spec.fields.rotate_right(start);
    happened
}

/// Only what stands at a field of the input: a form of a union with another type is another form.
fn change_type(rng: &mut Rng, spec: &mut Spec) -> bool {
    let start = rng.usize(0..spec.fields.len());
    spec.fields.rotate_left(start);
    let happened = spec.fields.iter_mut().any(|field| match &mut field.shape {
        Shape::Plain(schema) => values::change_type(schema),
        _ => false,
    });
    spec.fields.rotate_right(start);
    happened
}

/// Another spelling of the same id.
fn respell(rng: &mut Rng, id: &mut String) -> bool {
    let family = id.find('/').map_or(0, |slash| slash + 1);
    let marks: Vec<usize> =
        id.char_indices().skip(family).filter(|(_, c)| "-._".contains(*c)).map(|(at, _)| at).collect();
    let at = marks[rng.usize(0..marks.len())];
    let now = ["-", ".", "_"][rng.usize(0..3)];
    let is_other = &id[at..=at] != now;
    id.replace_range(at..=at, now);
    is_other
}

/// A list as JSON, for messages.
#[must_use]
pub fn names(events: &[Event]) -> Value {
    events.iter().map(|event| json!(format!("{event:?}"))).collect()
}
