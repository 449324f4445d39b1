//! The traps, each with all that must be reported of it: models, and the fields in them.

use runcomfy_codegen::ir::{Alias, Catalog, Extra, Field, Media, Output, Rule, Ty};

use super::fixture::*;
use super::values::{enums_and_unions, rules_and_texts};

pub(crate) type Edit = fn(&mut Catalog);

/// A trap: how the old and the new catalogue differ from the fixture, and all that must be reported.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) old: Edit,
    pub(crate) new: Edit,
    pub(crate) expected: &'static [&'static str],
}

pub(crate) const fn row(name: &'static str, new: Edit, expected: &'static [&'static str]) -> Row {
    Row { name, old: |_| {}, new, expected }
}

fn models() -> Vec<Row> {
    vec![
        row(
            "a new model",
            |new| new.models.push(model("maker/film/late")),
            &["maker/film/late model_added compatible"],
        ),
        row("a model is gone", |new| new.models.clear(), &["maker/film/base model_removed breaking"]),
        row(
            "another id is another model",
            |new| new.models[0].id = "maker/film/pro".to_owned(),
            &["maker/film/base model_removed breaking", "maker/film/pro model_added compatible"],
        ),
        row(
            "a module that moved",
            |new| new.first().module.variant = "plain".to_owned(),
            &["maker/film/base module_moved breaking"],
        ),
        row(
            "a feature that is renamed",
            |new| new.first().module.feature = "maker-films".to_owned(),
            &["maker/film/base feature_renamed breaking"],
        ),
        row(
            "a new display name",
            |new| new.first().display_name = "Filmed".to_owned(),
            &["maker/film/base display_name_changed docs_only"],
        ),
        row(
            "an output of its own becomes a shared one",
            |new| new.first().output = Output::Shared("MediaOutput".to_owned()),
            &["maker/film/base output_replaced breaking"],
        ),
        row(
            "a shared shape is gone",
            |new| new.shared.clear(),
            &["_shared/media-output.json shared_shape_removed breaking"],
        ),
        Row {
            name: "a new shared shape",
            old: |old| old.shared.clear(),
            new: |_| {},
            expected: &["_shared/media-output.json shared_shape_added compatible"],
        },
        row(
            "the file of a shared shape is only its address",
            |new| new.shared[0].path = "_shared/x.json".to_owned(),
            &[],
        ),
        row("the folder of a model is only its address", |new| new.first().folder = "elsewhere".to_owned(), &[]),
    ]
}

fn coming_and_going() -> Vec<Row> {
    vec![
        row(
            "a new optional field of a request",
            |new| {
                let input = new.object(INPUT);
                input.fields.insert(1, field("seed", "98_seed", Ty::I64, false));
                input.required = vec![0, 2];
            },
            &["Input.seed optional_field_added compatible"],
        ),
        row("a new required field of a request", require_seed, &["Input.seed required_field_added breaking tightened"]),
        row(
            "a new required field of a response",
            |new| new.object(OUTPUT).fields.push(field("cost", "cost", Ty::F64, true)),
            &["Output.cost required_field_added compatible tightened"],
        ),
        row(
            "a new optional field of a response",
            |new| new.object(OUTPUT).fields.push(field("cost", "cost", Ty::F64, false)),
            &["Output.cost optional_field_added compatible"],
        ),
        row(
            "a field of a request is gone",
            |new| new.remove(INPUT, "steps"),
            &["Input.steps field_removed breaking UNKNOWN_KEY"],
        ),
        row(
            "a field of a response is gone",
            |new| new.remove(OUTPUT, "video"),
            &["Output.video field_removed breaking"],
        ),
        row(
            "a removed field's key belongs to a newcomer",
            |new| *new.field("steps") = field("seed", "47_value", Ty::Bool, false),
            &["Input.seed optional_field_added compatible", "Input.steps field_removed breaking WRONG_KEYS"],
        ),
        row(
            "a removed field's key belongs to one that was renumbered",
            |new| {
                new.remove(INPUT, "steps");
                new.field("frames").key = "47_value".to_owned();
            },
            &["Input.frames wire_key_changed compatible WRONG_KEYS", "Input.steps field_removed breaking WRONG_KEYS"],
        ),
        row(
            "a field is renamed",
            |new| rename(new.field("steps"), "step_count"),
            &["Input.steps field_renamed breaking"],
        ),
        row(
            "a field is renamed and retitled, its definition tells",
            |new| {
                rename(new.field("steps"), "step_count");
                new.field("step_count").title = "Schritte".to_owned();
            },
            &["Input.steps field_renamed breaking", "Input.steps retitled docs_only"],
        ),
        row(
            "a field is renamed and has other bounds, its title tells",
            |new| {
                rename(new.field("steps"), "step_count");
                new.field("step_count").rules[2] = maximum(30);
            },
            &["Input.steps field_renamed breaking", "Input.steps bounds_changed compatible tightened"],
        ),
        row(
            "a renamed field takes its type along",
            |new| {
                rename(new.field("mode"), "style");
                new.ty(MODE).name = "Style".to_owned();
            },
            &["Input.mode field_renamed breaking", "Mode type_renamed breaking"],
        ),
        row(
            "another name in stored JSON",
            |new| new.field("steps").json = "Steps".to_owned(),
            &["Input.steps stored_name_changed breaking"],
        ),
        row(
            "a renamed field whose former name is still understood",
            |new| {
                rename(new.field("steps"), "step_count");
                new.field("step_count").aliases.push(alias("steps"));
            },
            &["Input.steps field_renamed breaking"],
        ),
        row(
            "a former name that is understood again",
            |new| new.field("steps").aliases.push(alias("step_count")),
            &["Input.steps alias_added compatible"],
        ),
        Row {
            name: "a former name that is no longer understood",
            old: |old| old.field("steps").aliases.push(alias("step_count")),
            new: |_| {},
            expected: &["Input.steps alias_removed breaking"],
        },
        Row {
            name: "a field takes its former name back",
            old: |old| old.field("steps").aliases.push(alias("step_count")),
            new: |new| {
                rename(new.field("steps"), "step_count");
                new.field("step_count").aliases.push(alias("steps"));
            },
            expected: &["Input.steps field_renamed breaking"],
        },
        row(
            "a place for unknown keys",
            |new| new.object(CAMERA).extra = Extra::Map,
            &["Camera.extra extra_added compatible"],
        ),
        row(
            "no place for unknown keys any more",
            |new| new.object(INPUT).extra = Extra::None,
            &["Input.extra extra_removed breaking"],
        ),
    ]
}

fn require_seed(new: &mut Catalog) {
    let input = new.object(INPUT);
    input.fields.push(field("seed", "98_seed", Ty::I64, true));
    input.required.push(input.fields.len() - 1);
}

fn alias(name: &str) -> Alias {
    Alias { name: name.to_owned(), json: name.to_owned() }
}

fn rename(field: &mut Field, name: &str) {
    field.name = name.to_owned();
    field.json = name.to_owned();
}

fn keys_types_and_order() -> Vec<Row> {
    vec![
        row(
            "a renumbered node",
            |new| new.field("prompt").key = "66_text".to_owned(),
            &["Input.prompt wire_key_changed compatible WRONG_KEYS"],
        ),
        row(
            "two fields exchange their keys",
            |new| {
                new.field("steps").key = "25_value".to_owned();
                new.field("frames").key = "47_value".to_owned();
            },
            &[
                "Input.frames wire_key_changed compatible WRONG_KEYS",
                "Input.steps wire_key_changed compatible WRONG_KEYS",
            ],
        ),
        row(
            "a key of a response changed",
            |new| new.field_of(OUTPUT, "video").key = "film".to_owned(),
            &["Output.video wire_key_changed compatible WRONG_KEYS"],
        ),
        row(
            "an optional field becomes required",
            |new| {
                new.field("steps").required = true;
                new.object(INPUT).required.push(2);
            },
            &["Input.steps became_required breaking tightened"],
        ),
        row(
            "a required field becomes optional",
            |new| {
                new.field("image").required = false;
                new.object(INPUT).required.pop();
            },
            &["Input.image became_optional breaking loosened"],
        ),
        row(
            "a response's field becomes required",
            |new| new.field_of(OUTPUT, "video").required = true,
            &["Output.video became_required breaking tightened"],
        ),
        row(
            "a response's field becomes optional",
            |new| new.field_of(OUTPUT, "status").required = false,
            &["Output.status became_optional breaking loosened"],
        ),
        row(
            "an integer becomes unsigned",
            |new| new.field("frames").ty = Ty::U64,
            &["Input.frames type_changed breaking"],
        ),
        row(
            "a text becomes an enum",
            |new| new.field("prompt").ty = Ty::Named(MODE),
            &["Input.prompt type_changed breaking"],
        ),
        row(
            "null is a value now",
            |new| new.field("frames").ty = Ty::Nullable(Box::new(Ty::I64)),
            &["Input.frames type_changed breaking"],
        ),
        row(
            "a value is boxed",
            |new| new.field("camera").ty = Ty::Boxed(CAMERA),
            &["Input.camera type_changed breaking"],
        ),
        row(
            "an enum becomes a struct of the same name",
            |new| new.ty(MODE).kind = new.ty(CAMERA).kind.clone(),
            &["Input.mode type_changed breaking"],
        ),
        row(
            "a picture becomes a film",
            |new| new.field("image").ty = Ty::Media(Media::Video),
            &["Input.image media_kind_changed breaking"],
        ),
        row("a picture becomes a text", |new| new.field("image").ty = Ty::Text, &["Input.image type_changed breaking"]),
        row(
            "fields in another order",
            |new| {
                let input = new.object(INPUT);
                input.fields.swap(0, 1);
                input.required = vec![1, 0];
            },
            &["Input fields_reordered compatible"],
        ),
        row(
            "parameters in another order",
            |new| new.object(INPUT).required = vec![1, 0],
            &["Input parameters_reordered breaking"],
        ),
        Row {
            name: "the literal `Required` has no order",
            old: |old| old.field("image").ty = Ty::Text,
            new: |new| {
                new.field("image").ty = Ty::Text;
                new.object(INPUT).required = vec![1, 0];
            },
            expected: &[],
        },
        row("the literal of an inner struct has no order", |new| new.object(CAMERA).required = vec![1, 0], &[]),
        Row {
            name: "an inner struct takes parameters of two types",
            old: |old| old.field_of(CAMERA, "pan").ty = Ty::Text,
            new: |new| {
                new.field_of(CAMERA, "pan").ty = Ty::Text;
                new.object(CAMERA).required = vec![1, 0];
            },
            expected: &["Camera parameters_reordered breaking"],
        },
        row("an unused type moves all others", insert_type, &[]),
    ]
}

/// Puts an unused type before all but the first two, so that the ids of the others change.
fn insert_type(new: &mut Catalog) {
    let moved = |id: usize| if id >= CAMERA { id + 1 } else { id };
    let (mode, camera, strength) = (Ty::Named(moved(MODE)), Ty::Named(moved(CAMERA)), Ty::Named(moved(STRENGTH)));
    new.field("mode").ty = mode;
    new.field("camera").ty = camera;
    new.field("strength").ty = strength;
    new.field("strength").rules = vec![Rule::AnyOf(forms(moved(TABLE)))];
    new.field_of(OUTPUT, "status").ty = Ty::Named(moved(STATUS));
    let model = new.first();
    model.output = Output::Own(Ty::Named(moved(OUTPUT)));
    model.types.insert(CAMERA, named("Unused", choice(&[("a", "A")], false)));
    model.input_types += 1;
}

/// All of them.
pub(crate) fn rows() -> Vec<Row> {
    [models(), coming_and_going(), keys_types_and_order(), enums_and_unions(), rules_and_texts()]
        .into_iter()
        .flatten()
        .collect()
}
