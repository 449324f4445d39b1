//! The names of forms, and whether they stay: schema, lock and overrides in, declarations out.

use serde_json::{Value, json};

use super::{generated, made, members};

/// A union of objects, each with fields of a node, an input and a title.
fn node_forms(forms: &[&[(u32, &str, &str)]]) -> Value {
    let form = |fields: &&[(u32, &str, &str)]| {
        let properties: serde_json::Map<String, Value> = fields
            .iter()
            .map(|(node, input, title)| (format!("{node}_{input}"), json!({"type": "integer", "title": title})))
            .collect();
        let required: Vec<&String> = properties.keys().collect();
        json!({"type": "object", "properties": properties, "required": required})
    };
    json!({"anyOf": forms.iter().map(form).collect::<Vec<_>>()})
}

#[test]
fn a_form_known_by_a_node_is_named_for_its_field_and_stays_when_ids_change() {
    let before = node_forms(&[&[(7, "a", "Seed")], &[(8, "b", "Radius")]]);
    let (first, lock) = generated(&before, None, "").expect("names");
    assert_eq!(members(&first, "Size"), ["Seed(SizeSeed)", "Radius(SizeRadius)"]);
    for after in [
        node_forms(&[&[(17, "a", "Seed")], &[(18, "b", "Radius")]]),
        node_forms(&[&[(7, "b", "Radius")], &[(8, "a", "Seed")]]),
        node_forms(&[&[(7, "a", "Saat")], &[(8, "b", "Umkreis")]]),
        node_forms(&[&[(3, "c", "Scale")], &[(17, "a", "Seed"), (5, "c", "Angle")], &[(9, "b", "Radius")]]),
    ] {
        let (second, _) = generated(&after, Some(&lock), "").unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(members(&second, "Size")[..2], members(&first, "Size"), "{after}");
        assert_eq!(members(&second, "SizeSeed")[0], "seed:i64", "{after}");
    }
}

#[test]
fn forms_that_may_have_exchanged_their_titles_are_asked_about() {
    let (_, lock) = generated(&node_forms(&[&[(7, "a", "Seed")], &[(8, "a", "Radius")]]), None, "").expect("names");
    let after = node_forms(&[&[(8, "a", "Seed")], &[(7, "a", "Radius")]]);
    let errors = generated(&after, Some(&lock), "").expect_err("a question").to_string();
    assert!(errors.contains("[moved.Size]") && errors.contains("# Seed = \"8_a\""), "{errors}");
    for (answer, field) in [("Seed = \"8_a\"\nRadius = \"7_a\"", "8_a"), ("Seed = false\nRadius = false", "7_a")] {
        let answers = format!("[moved.Size]\n{answer}\n[moved.SizeSeed]\nseed = \"{field}\"\n");
        let (source, next) = generated(&after, Some(&lock), &answers).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(members(&source, "SizeSeed"), ["seed:i64"]);
        let key = format!("\"{field}\"");
        let table = source.split("SIZE_SEED: rt::Table").nth(1).expect("its table");
        assert!(table.find(&key).is_some_and(|at| at < 400), "{table}");
        assert_eq!(generated(&after, Some(&next), &answers).expect("spent").1, next, "a second run changes nothing");
    }
}

#[test]
fn forms_that_nothing_readable_tells_apart_are_asked_about() {
    let forms = |ids: [u32; 2]| node_forms(&[&[(ids[0], "a", "")], &[(ids[1], "a", "")]]);
    let errors = generated(&forms([7, 8]), None, "").expect_err("no names").to_string();
    assert!(errors.contains("[variants.Size]\n        \"7_a\" = \"…\"\n        \"8_a\" = \"…\""), "{errors}");
    assert_eq!(errors.matches("error:").count(), 1, "{errors}");
    let names = "[variants.Size]\n\"7_a\" = \"Left\"\n\"8_a\" = \"Right\"\n";
    let (first, lock) = generated(&forms([7, 8]), None, names).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(members(&first, "Size"), ["Left(SizeLeft)", "Right(SizeRight)"]);
    let errors = generated(&forms([17, 18]), Some(&lock), names).expect_err("a question").to_string();
    assert!(errors.contains("[moved.Size]"), "{errors}");
    let answers = format!("{names}[moved.Size]\nLeft = \"18_a\"\nRight = \"17_a\"\n");
    let (second, _) = generated(&forms([17, 18]), Some(&lock), &answers).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(members(&second, "Size"), members(&first, "Size"));
    assert_eq!(members(&second, "SizeLeft"), ["a:i64"]);
}

#[test]
fn each_form_has_its_own_names_and_readable_json_tells_them_apart() {
    let seeds = node_forms(&[&[(7, "a", "Seed")], &[(8, "b", "Seed")]]);
    let (source, lock) = generated(&seeds, None, "").expect("names");
    assert_eq!(members(&source, "Size"), ["SeedA(SizeSeedA)", "SeedB(SizeSeedB)"]);
    assert_eq!(members(&source, "SizeSeedA"), ["seed:i64"]);
    assert_eq!(members(&source, "SizeSeedB"), ["seed:i64"]);
    assert!(source.contains("name: \"seed_a\"") && source.contains("name: \"seed_b\""), "{source}");
    let after = node_forms(&[&[(7, "b", "Seed")], &[(9, "a", "Seed")]]);
    let (again, _) = generated(&after, Some(&lock), "").expect("names");
    assert_eq!(members(&again, "Size"), members(&source, "Size"));
    assert!(again.contains("name: \"seed_a\"") && again.contains("name: \"seed_b\""), "{again}");
}

#[test]
fn a_form_is_known_by_what_no_other_form_has_a_twin_of() {
    let twins = [[(7, "a", "Seed"), (1, "b", "Radius")], [(8, "a", "Seed"), (2, "b", "Scale")]];
    let source = made(node_forms(&[&twins[0], &twins[1]]));
    assert_eq!(members(&source, "Size"), ["Radius(SizeRadius)", "Scale(SizeScale)"]);
    assert!(source.contains("name: \"7_a\""), "readable names could not tell them apart");
}

#[test]
fn fields_of_forms_with_a_tag_have_one_name_in_rust_and_json() {
    let form = |value: &str, key: &str| {
        let properties = json!({"mode": {"const": value}, key: {"type": "integer", "title": "Seed"}});
        json!({"type": "object", "properties": properties, "required": ["mode", key]})
    };
    let source = made(json!({"oneOf": [form("fast", "7_a"), form("slow", "8_a")]}));
    assert_eq!(members(&source, "SizeFast"), ["seed:i64"]);
    assert_eq!(members(&source, "SizeSlow"), ["seed:i64"]);
    assert!(!source.contains("seed_"), "{source}");
}

#[test]
fn lines_of_overrides_stay_with_their_forms_when_ids_change() {
    let overrides = "[variants.Size]\n\"7_a\" = \"Noise\"\n[type_names]\n\"size<8_b>\" = \"Ring\"\n";
    let forms = |seed: u32, radius: u32| node_forms(&[&[(seed, "a", "Seed")], &[(radius, "b", "Radius")]]);
    let (first, mut lock) = generated(&forms(7, 8), None, overrides).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(members(&first, "Size"), ["Noise(SizeNoise)", "Radius(Ring)"]);
    for ids in [(17, 18), (8, 7), (7, 8), (3, 4)] {
        let (next, again) = generated(&forms(ids.0, ids.1), Some(&lock), overrides).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(members(&next, "Size"), members(&first, "Size"), "{ids:?}");
        lock = again;
    }
}

#[test]
fn a_value_of_a_tag_that_comes_is_no_other_that_went() {
    let form = |value: &str| {
        let properties = json!({"mode": {"const": value}, "steps": {"type": "integer"}});
        json!({"type": "object", "properties": properties, "required": ["mode"]})
    };
    let (_, lock) = generated(&json!({"oneOf": [form("fast"), form("slow")]}), None, "").expect("names");
    let (source, _) = generated(&json!({"oneOf": [form("quick"), form("slow")]}), Some(&lock), "").expect("names");
    let mut forms = members(&source, "Size");
    forms.sort();
    assert_eq!(forms, ["Quick(SizeQuick)", "Slow(SizeSlow)"]);
}

#[test]
fn a_form_is_named_for_its_definition_only_where_a_reference_leads_to_it() {
    let objects = json!([
        {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
    ]);
    let forms = ["A(SizeA)", "B(SizeB)"];
    let source = made(json!({"anyOf": objects, "nullable": true}));
    assert_eq!(members(&source, "Size"), forms);
    let both = json!({"anyOf": [{"$ref": "#/$defs/both"}, {"type": "string"}], "$defs": {"both": {"oneOf": objects}}});
    assert_eq!(members(&made(both), "Size"), ["A(SizeA)", "B(SizeB)", "Text(String)"]);
    let one = json!({"anyOf": [{"$ref": "#/$defs/one"}, objects[1]], "$defs": {"one": objects[0]}});
    assert_eq!(members(&made(one), "Size"), ["A(One)", "B(SizeB)"]);
}

#[test]
fn a_tag_with_a_node_id_has_a_readable_name_in_json() {
    let form = |node: u32, value: &str, key: &str| {
        let properties = json!({
            format!("{node}_mode"): {"const": value, "title": "Way (A)"},
            key: {"type": "integer", "title": "Way"},
        });
        json!({"type": "object", "properties": properties, "required": [format!("{node}_mode"), key]})
    };
    let (first, lock) =
        generated(&json!({"oneOf": [form(7, "fast", "8_a"), form(7, "slow", "9_b")]}), None, "").expect("names");
    assert!(first.contains("const TAG: &'static str = \"7_mode\";"), "{first}");
    assert!(first.contains("const TAG_NAME: &'static str = \"way_a_mode\";"), "{first}");
    let after = json!({"oneOf": [form(17, "fast", "18_a"), form(17, "slow", "19_b")]});
    let (second, _) = generated(&after, Some(&lock), "").expect("names");
    let number = |text: &str| text.replace("17_mode", "7_mode").replace("18_a", "8_a").replace("19_b", "9_b");
    // Other keys are another schema on the wire.
    let without_digest = |text: &str| text.lines().filter(|line| !line.contains("Digest::new")).collect::<String>();
    assert_eq!(without_digest(&number(&second)), without_digest(&first));
}

#[test]
fn a_struct_that_becomes_a_union_and_a_union_that_becomes_a_struct_keep_their_names_apart() {
    let both = node_forms(&[&[(7, "a", "Seed")], &[(8, "b", "Radius")]]);
    let one = both["anyOf"][0].clone();
    let is_struct = |source: &str| assert_eq!(members(source, "Size"), ["seed:i64"]);
    let is_union = |source: &str| {
        assert_eq!(members(source, "Size"), ["Seed(SizeSeed)", "Radius(SizeRadius)"]);
        assert_eq!(members(source, "SizeSeed"), ["seed:i64"]);
    };
    for schemas in [[&both, &one, &both], [&one, &both, &one]] {
        let mut lock = None;
        for schema in schemas {
            let (source, next) = generated(schema, lock.as_deref(), "").unwrap_or_else(|errors| panic!("{errors}"));
            if schema == &one {
                is_struct(&source)
            } else {
                is_union(&source)
            }
            let again = generated(schema, Some(&next), "").unwrap_or_else(|errors| panic!("{errors}"));
            assert_eq!(again, (source, next.clone()), "a second run changes nothing");
            lock = Some(next);
        }
    }
}

#[test]
fn a_given_type_name_is_one_and_nobody_elses() {
    let forms = node_forms(&[&[(7, "a", "Seed")], &[(8, "b", "Radius")]]);
    let (_, lock) = generated(&forms, None, "").expect("names");
    let given =
        |path: &str, name: &str| generated(&forms, Some(&lock), &format!("[type_names]\n{path:?} = {name:?}\n"));
    let no_types =
        ["", "9A", "a b", "r#x", "self", "Self", "Vec", "String", "Input", "fx", "Foo_bar", "Gr\u{f6}\u{df}e"];
    for name in no_types.into_iter().chain([&*"A".repeat(300)]) {
        for path in ["size", "size<8_b>"] {
            let errors = given(path, name).expect_err(name).to_string();
            let says = |words: &str| assert!(errors.contains(words), "{words}: {errors}");
            says(&format!("of the type `{path}` can't be a type"));
            says("overrides.toml");
            says("PascalCase");
        }
    }
    assert!(given("size", "fx").expect_err("no type").to_string().contains("such as `Fx`"));
    let errors = given("size", "SizeSeed").expect_err("it is another's").to_string();
    assert!(errors.contains("is the name of the type") && errors.contains("`SizeSeed` of the type `size`"), "{errors}");
}

#[test]
fn a_type_in_a_form_is_named_for_its_field_whatever_that_is_called_in_json() {
    let form = |keys: [&str; 2]| {
        let style = json!({"title": "Style", "enum": ["a", "b"]});
        json!({"type": "object", "properties": {keys[0]: style, keys[1]: {"type": "integer"}}, "required": keys})
    };
    let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let source = made(json!({"anyOf": [form(["7_mode", "seed"]), map]}));
    assert_eq!(members(&source, "SizeObject")[0], "style:Style", "{source}");
    let source = made(json!({"anyOf": [form(["7_mode", "seed"]), form(["9_mode", "radius"])]}));
    assert_eq!(members(&source, "SizeSeed")[0], "style:SizeSeedStyle", "{source}");
    assert_eq!(members(&source, "SizeRadius")[0], "style:SizeRadiusStyle", "{source}");
    let source = made(json!({"anyOf": [form(["\u{a2}", "seed"]), map]}));
    assert!(source.contains("enum"), "{source}");
}
