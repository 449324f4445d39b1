//! The rules on the real catalogue, where it lies beside the workspace: every id, key and enum value must have a name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::*;

/// The catalogue's models, or `None` where it is not there.
fn models() -> Option<Vec<Value>> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR")?;
    let text = std::fs::read_to_string(PathBuf::from(root).join("../../shared/catalog/models-response.json")).ok()?;
    let response: Value = serde_json::from_str(&text).expect("the catalogue is JSON");
    response["models"].as_array().cloned()
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn every_model_field_and_value_of_the_catalogue_has_a_name() {
    let Some(models) = models() else {
        eprintln!("skipped: ../shared/catalog/models-response.json is not there");
        return;
    };
    let ids: Vec<&str> = models.iter().filter_map(|model| model["model_id"].as_str()).collect();
    assert_eq!(plan_modules(&ids).expect("a plan").len(), models.len());
    for (id, model) in ids.iter().zip(&models) {
        let properties = model["input_schema"]["properties"].as_object().expect("properties");
        let labels: Vec<FieldLabel<'_>> = properties
            .iter()
            .map(|(key, schema)| FieldLabel {
                key,
                title: schema["title"].as_str().unwrap_or_default(),
                pinned: None,
                locked: None,
            })
            .collect();
        let names = name_fields(&labels, &[]).unwrap_or_else(|problems| panic!("{id}: {problems:?}"));
        for (name, schema) in names.iter().zip(properties.values()) {
            let values: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let none = BTreeMap::new();
            let variants = name_variants(&type_name(&name.json), &values, &none, &none);
            assert_eq!(variants.unwrap_or_else(|problems| panic!("{id}: {problems:?}")).len(), values.len());
        }
    }
}
