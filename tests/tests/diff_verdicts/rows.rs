//! The traps, each with all that must be reported of it.

use runcomfy_codegen::ir::{Alias, Catalog, Extra, Field, Media, Output, Rule, Ty, TypeKind};
use serde_json::json;

use crate::fixture::*;

pub(crate) type Edit = fn(&mut Catalog);

/// A trap: how the old and the new catalogue differ from the fixture, and all that must be reported.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) old: Edit,
    pub(crate) new: Edit,
    pub(crate) expected: &'static [&'static str],
}

const fn row(name: &'static str, new: Edit, expected: &'static [&'static str]) -> Row {
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
        row("a new required field of a request", require_seed, &["Input.seed required_field_added breaking"]),
        row(
            "a new required field of a response",
            |new| new.object(OUTPUT).fields.push(field("cost", "cost", Ty::F64, true)),
            &["Output.cost required_field_added compatible"],
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
                new.field("step_count").rules = vec![minimum(2), maximum(30)];
            },
            &[
                "Input.steps field_renamed breaking",
                "Input.steps bounds_changed compatible tightened",
                "Input.steps rules_changed compatible loosened",
            ],
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
            &["Input.steps became_required breaking"],
        ),
        row(
            "a required field becomes optional",
            |new| {
                new.field("image").required = false;
                new.object(INPUT).required.pop();
            },
            &["Input.image became_optional breaking"],
        ),
        row(
            "a response's field becomes required",
            |new| new.field_of(OUTPUT, "video").required = true,
            &["Output.video became_required breaking"],
        ),
        row(
            "a response's field becomes optional",
            |new| new.field_of(OUTPUT, "status").required = false,
            &["Output.status became_optional breaking"],
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
        row(
            "inner structs always take parameters",
            |new| new.object(CAMERA).required = vec![1, 0],
            &["Camera parameters_reordered breaking"],
        ),
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
    new.field("strength").rules = vec![Rule::AnyOf(vec![vec![Rule::Properties(moved(TABLE))], vec![minimum(0)]])];
    new.field_of(OUTPUT, "status").ty = Ty::Named(moved(STATUS));
    let model = new.first();
    model.output = Output::Own(Ty::Named(moved(OUTPUT)));
    model.types.insert(CAMERA, named("Unused", choice(&[("a", "A")], false)));
    model.input_types += 1;
}

fn enums_and_unions() -> Vec<Row> {
    vec![
        row("a new variant", |new| add_value(new, MODE), &["Mode variants_added compatible loosened"]),
        row(
            "a new variant of a response",
            |new| add_value(new, STATUS),
            &["Status variants_added compatible loosened"],
        ),
        row("a variant is gone", |new| _ = new.values(MODE).pop(), &["Mode variants_removed breaking tightened"]),
        row(
            "a response's variant is gone",
            |new| _ = new.values(STATUS).pop(),
            &["Status variants_removed breaking tightened"],
        ),
        row(
            "a variant is renamed",
            |new| new.values(MODE)[0].variant = "Quick".to_owned(),
            &["Mode::Fast variant_renamed breaking"],
        ),
        row(
            "a value is spelled differently on the wire",
            |new| new.values(MODE)[0].value = "FAST".to_owned(),
            &["Mode::Fast value_respelled compatible WRONG_KEYS"],
        ),
        row("variants in another order", |new| new.values(MODE).swap(0, 1), &["Mode variants_reordered compatible"]),
        row("a type is renamed", |new| new.ty(MODE).name = "Style".to_owned(), &["Mode type_renamed breaking"]),
        row(
            "a union has one form more",
            |new| {
                let forms = json!({"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]});
                new.ty(STRENGTH).kind = TypeKind::Union(union_of(&forms, "/properties/8_value"));
            },
            &["Strength union_changed breaking"],
        ),
        row(
            "texts, bounds and a renumbered node change no union",
            |new| {
                let forms = json!({"anyOf": [{"type": "number", "maximum": 2, "title": "Level"}, {"type": "string"}]});
                new.ty(STRENGTH).kind = TypeKind::Union(union_of(&forms, "/properties/9_value"));
            },
            &[],
        ),
        row(
            "a table inside a union has other rules",
            |new| new.object(TABLE).fields[0].rules = vec![maximum(1)],
            &["Input.strength rules_changed compatible changed"],
        ),
    ]
}

fn add_value(new: &mut Catalog, id: usize) {
    let mut value = new.values(id)[0].clone();
    (value.value, value.variant) = ("late".to_owned(), "Late".to_owned());
    new.values(id).push(value);
}

fn rules_and_texts() -> Vec<Row> {
    vec![
        row(
            "a lower maximum",
            |new| new.field("steps").rules[2] = maximum(30),
            &["Input.steps bounds_changed compatible tightened"],
        ),
        row(
            "a lower minimum",
            |new| new.field("steps").rules[1] = minimum(1),
            &["Input.steps bounds_changed compatible loosened"],
        ),
        row(
            "a range that moved",
            |new| new.field("steps").rules = vec![new.field("steps").rules[0].clone(), minimum(3), maximum(50)],
            &["Input.steps bounds_changed compatible changed"],
        ),
        row("rules in another order", |new| new.field("steps").rules.reverse(), &[]),
        row(
            "a length",
            |new| new.field("prompt").rules.push(Rule::MaxLength(500)),
            &["Input.prompt length_changed compatible tightened"],
        ),
        row(
            "a length of a list's items",
            |new| new.field("urls").rules[0] = Rule::Items(vec![Rule::MaxLength(400)]),
            &["Input.urls[] length_changed compatible loosened"],
        ),
        row(
            "more items",
            |new| new.field("urls").rules[1] = Rule::MaxItems(8),
            &["Input.urls item_count_changed compatible loosened"],
        ),
        row(
            "items that may not repeat",
            |new| new.field("urls").rules.push(Rule::UniqueItems),
            &["Input.urls item_count_changed compatible tightened"],
        ),
        row(
            "a pattern",
            |new| new.field("prompt").rules.push(Rule::Pattern("^a".to_owned())),
            &["Input.prompt pattern_changed compatible tightened"],
        ),
        row(
            "fewer listed numbers",
            |new| new.field("frames").rules = vec![Rule::Values(vec![json!(81)])],
            &["Input.frames values_changed compatible tightened"],
        ),
        row(
            "no list of numbers any more",
            |new| new.field("frames").rules.clear(),
            &["Input.frames values_changed compatible loosened"],
        ),
        row(
            "listed numbers written as floats, in another order",
            |new| new.field("frames").rules = vec![Rule::Values(vec![json!(141.0), json!(81.0)])],
            &[],
        ),
        row("smaller files", |new| limit_file(new, 5, "big"), &["Input.image file_limit_changed compatible tightened"]),
        row(
            "other words for a limit",
            |new| limit_file(new, 10, "too big"),
            &["Input.image description_changed docs_only"],
        ),
        row(
            "another rule",
            |new| new.object(CAMERA).rules.push(Rule::MinProperties(1)),
            &["Camera rules_changed compatible tightened"],
        ),
        row(
            "another default",
            |new| new.field("steps").default = Some(json!(20)),
            &["Input.steps default_changed compatible"],
        ),
        row(
            "no default any more",
            |new| new.field("steps").default = None,
            &["Input.steps default_changed compatible"],
        ),
        row("a new title", |new| new.field("steps").title = "Schritte".to_owned(), &["Input.steps retitled docs_only"]),
        row("a type's title", |new| new.ty(CAMERA).title = "Kamera".to_owned(), &["Camera retitled docs_only"]),
        row(
            "a description",
            |new| new.field("steps").description = "More is slower.".to_owned(),
            &["Input.steps description_changed docs_only"],
        ),
        row(
            "a format that chooses no type",
            |new| new.field("prompt").format = "textarea".to_owned(),
            &["Input.prompt format_changed docs_only"],
        ),
        row(
            "a shared shape has other texts",
            |new| new.shared[0].types[0].description = "A film.".to_owned(),
            &["MediaOutput description_changed docs_only"],
        ),
    ]
}

fn limit_file(new: &mut Catalog, megabytes: u64, message: &str) {
    let (rule, message) = ("file_size_mb<".to_owned(), message.to_owned());
    new.field("image").rules = vec![Rule::Validation { rule, value: megabytes.into(), message }];
}

/// All of them.
pub(crate) fn rows() -> Vec<Row> {
    [models(), coming_and_going(), keys_types_and_order(), enums_and_unions(), rules_and_texts()]
        .into_iter()
        .flatten()
        .collect()
}
