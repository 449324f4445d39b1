//! What `diff` says about each kind of change: kind, verdict, strictness and flags, one row per trap. Then its four ways of
//! telling it, as snapshots.

mod fixture;
mod rows;
mod values;

use fixture::*;
use pulldown_cmark::{Event, Options, Parser};
use rows::rows;
use runcomfy_codegen::diff::{self, Change, Verdict, Version};
use runcomfy_codegen::ir::{Catalog, Rule, Ty, TypeKind};
use serde_json::json;

/// A change in one line; changes of a whole model go by its id.
fn told(change: &Change) -> String {
    let place = if change.path.is_empty() { &change.model } else { &change.path };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut line = format!("{place} {} {}", word(json!(change.kind)), word(json!(change.verdict)));
    if change.strictness.is_some() {
        line.push_str(&format!(" {}", word(json!(change.strictness))));
    }
    line.push_str(if change.wrong_keys { " WRONG_KEYS" } else { "" });
    line.push_str(if change.unknown_key { " UNKNOWN_KEY" } else { "" });
    line
}

#[test]
fn each_change_gets_its_kind_verdict_and_flags() {
    let mut wrong = Vec::new();
    for row in rows() {
        let (mut old, mut new) = (catalog(), catalog());
        (row.old)(&mut old);
        (row.new)(&mut new);
        assert_ne!(old, new, "{}: nothing differs, so the row says nothing", row.name);
        let report = diff::compare(&old, &new);
        let found: Vec<String> = report.changes.iter().map(told).collect();
        if found != row.expected {
            wrong.push(format!("{}\n  expected {:?}\n  found    {found:?}", row.name, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows().len(), wrong.join("\n"));
}

#[test]
fn the_worst_change_of_a_model_counts() {
    let mut new = catalog();
    new.field("steps").title = "Schritte".to_owned();
    new.field("prompt").key = "66_text".to_owned();
    let report = diff::compare(&catalog(), &new);
    assert_eq!(report.verdict(), Some(Verdict::Compatible));
    assert!(report.wrong_keys() && !report.unknown_keys());
    assert_eq!((report.models.compatible, report.models.docs_only), (1, 0));
}

/// Makes every published text of a model hostile.
fn poison(catalog: &mut Catalog, mark: &str) {
    let hostile = format!("`{mark}``<b onclick=x>|</b>\n\n# [a](b) ![c](d) <!-- {mark}");
    let model = &mut catalog.models[0];
    model.display_name = hostile.clone();
    for of in &mut model.types {
        (of.title, of.description) = (hostile.clone(), hostile.clone());
        match &mut of.kind {
            TypeKind::Object(object) => {
                for field in &mut object.fields {
                    field.key.push_str(&hostile);
                    (field.title, field.description) = (hostile.clone(), hostile.clone());
                    (field.format, field.default) = (hostile.clone(), Some(json!(hostile)));
                    field.rules.push(Rule::Pattern(hostile.clone()));
                    field.rules.push(Rule::Values(vec![json!(hostile)]));
                    let (rule, message) = ("size<".to_owned(), hostile.clone());
                    field.rules.push(Rule::Validation { rule, value: 1.into(), message });
                }
            }
            TypeKind::Choice(choice) => choice.values.iter_mut().for_each(|one| one.value.push_str(&hostile)),
            _ => {}
        }
    }
}

#[test]
fn hostile_texts_stay_inside_their_code_spans() {
    for row in rows() {
        let (mut old, mut new) = (catalog(), catalog());
        (row.old)(&mut old);
        (row.new)(&mut new);
        if old.models.is_empty() || new.models.is_empty() {
            continue;
        }
        poison(&mut old, "old");
        poison(&mut new, "new");
        let report = diff::compare(&old, &new);
        for markdown in [diff::markdown(&report, &Version::new(1, 0, 0)), diff::changelog(&report)] {
            for event in Parser::new_ext(&markdown, Options::all()) {
                let is_loose = match &event {
                    Event::Html(_) | Event::InlineHtml(_) => true,
                    Event::Start(tag) => {
                        matches!(tag, pulldown_cmark::Tag::Link { .. } | pulldown_cmark::Tag::Image { .. })
                    }
                    Event::Text(text) => text.contains("onclick") || text.contains('`'),
                    _ => false,
                };
                assert!(!is_loose, "{}: {event:?} in\n{markdown}", row.name);
            }
        }
    }
}

/// A bit of everything: many renumbered models, hostile texts, models that came and went.
fn busy() -> diff::Report {
    let (mut old, mut new) = (catalog(), catalog());
    for number in 0..9 {
        let id = format!("studio/clip/v{number}");
        old.models.push(model(&id));
        new.models.insert(0, model(&id));
        new.field("prompt").key = format!("{number}_text");
    }
    new.models.rotate_left(9);
    new.models.push(model("maker/film/late"));
    old.models.push(model("maker/film/early"));
    new.field("steps").rules[2] = maximum(30);
    new.field("steps").title = "</details> | `@all` \n# \u{7}".to_owned();
    new.remove(INPUT, "frames");
    new.values(MODE)[0].value = "FAST".to_owned();
    (0..12)
        .for_each(|number| new.object(OUTPUT).fields.push(field(&format!("part_{number}"), "part", Ty::Text, false)));
    diff::compare(&old, &new)
}

#[test]
fn each_format_tells_the_same_report() {
    let (report, version) = (busy(), Version::new(0, 1, 0));
    let nothing = diff::Report::default();
    insta::with_settings!({ snapshot_path => "../../snapshots/diff", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("text", diff::text(&report, &version));
        insta::assert_snapshot!("markdown", diff::markdown(&report, &version));
        insta::assert_snapshot!("changelog", diff::changelog(&report));
        insta::assert_snapshot!("json", diff::json(&report, &version));
    });
    assert_eq!(diff::text(&nothing, &version), "Nothing changed for users.\n");
    assert_eq!(diff::changelog(&nothing), "");
}
