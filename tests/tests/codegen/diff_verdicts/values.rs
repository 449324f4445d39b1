//! The traps in what values are allowed and what is said of them: enums, unions, rules, texts.

use runcomfy_codegen::ir::{Catalog, Form, Rule, Ty};
use serde_json::json;

use super::fixture::*;
use super::rows::{Row, row};

pub(crate) fn enums_and_unions() -> Vec<Row> {
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
                new.forms(STRENGTH).push(Form {
                    key: "bool".into(),
                    by: Vec::new(),
                    rank: 0,
                    name: "Bool".into(),
                    ty: Ty::Bool,
                })
            },
            &["Strength variants_added compatible loosened"],
        ),
        row("a form is gone", |new| _ = new.forms(STRENGTH).pop(), &["Strength variants_removed breaking tightened"]),
        row(
            "a form is renamed",
            |new| new.forms(STRENGTH)[0].name = "Level".to_owned(),
            &["Strength::Number variant_renamed breaking"],
        ),
        row(
            "a form holds another type",
            |new| new.forms(STRENGTH)[0].ty = Ty::I64,
            &["Strength::Number union_changed breaking"],
        ),
        row(
            "what changed within a form is told of its type",
            |new| {
                new.forms(STRENGTH)[1].ty = Ty::Named(CAMERA);
                new.field_of(CAMERA, "pan").rules.push(maximum(1));
            },
            &["Camera.pan bounds_changed compatible tightened", "Strength::Text union_changed breaking"],
        ),
        row(
            "a table inside a union has other rules",
            |new| new.object(TABLE).fields[0].rules = vec![maximum(1)],
            &["Input.strength<object>.low<number> bounds_changed compatible tightened"],
        ),
    ]
}

fn add_value(new: &mut Catalog, id: usize) {
    let mut value = new.values(id)[0].clone();
    (value.value, value.variant) = ("late".to_owned(), "Late".to_owned());
    new.values(id).push(value);
}

pub(crate) fn rules_and_texts() -> Vec<Row> {
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
