//! The made-up catalogue: the same for a seed, with every construct, and compiled without warnings.

use runcomfy_codegen::{Placement, SourceFile};
use serde_json::Value;
use synthetic::{ALL_CONSTRUCTS, MAX_FAMILIES};
use workspace_tests::{cargo, generate};

/// Every keyword that is validated.
const KEYWORDS: [&str; 38] = [
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "items",
    "prefixItems",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "validations",
];

#[test]
fn a_larger_catalogue_holds_the_smaller_one() {
    let (small, large) = (synthetic::models(30, 1), synthetic::models(60, 1));
    assert_eq!(small, large[..30]);
    assert_ne!(small, synthetic::models(30, 2));
}

#[test]
fn ids_are_distinct_and_families_few() {
    let models = synthetic::models(3_000, 1);
    let ids: std::collections::BTreeSet<&str> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids.len(), 3_000);
    assert_eq!(synthetic::sources(&models).models.len(), 3_000, "every id is one");
    let family = |id: &&str| id.split('/').take(2).collect::<Vec<_>>().join("/");
    let families: std::collections::BTreeSet<String> = ids.iter().map(family).collect();
    assert_eq!(families.len(), MAX_FAMILIES);
}

#[test]
fn a_small_catalogue_has_every_keyword() {
    fn holds(schema: &Value, keyword: &str) -> bool {
        match schema {
            Value::Object(map) => map.contains_key(keyword) || map.values().any(|part| holds(part, keyword)),
            Value::Array(parts) => parts.iter().any(|part| holds(part, keyword)),
            _ => false,
        }
    }
    let models = synthetic::models(ALL_CONSTRUCTS, 1);
    for keyword in KEYWORDS {
        assert!(models.iter().any(|model| holds(&model.input, keyword)), "{keyword}");
    }
}

/// A second run, with the locks of the first, changes nothing, and the crate compiles.
#[test]
fn fifty_models_are_generated_stably_and_compile_without_warnings() {
    let mut sources = synthetic::sources(&synthetic::models(50, 1));
    let catalog = runcomfy_codegen::catalog(&sources).unwrap_or_else(|errors| panic!("{errors}"));
    let first = runcomfy_codegen::emit_package(&catalog, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    let mut locks = runcomfy_codegen::locks(&catalog);
    for model in &mut sources.models {
        let path = format!("{}/names.lock", model.folder);
        model.lock = locks.remove(&path).map(|text| SourceFile { path, text });
        assert!(model.lock.is_some(), "{}", model.folder);
    }
    let again = runcomfy_codegen::generate(&sources, &Placement::Workspace).unwrap_or_else(|e| panic!("{e}"));
    assert!(first == again, "a second run gave other bytes");
    let out = cargo::write("synthetic-crate", &generate(&sources));
    let strict = ["--", "-D", "warnings", "-D", "missing_docs", "-D", "unused_qualifications"];
    let clippy = ["clippy", "--no-default-features", "--features", "all", "--lib"];
    cargo::run(&out, &[&clippy[..], &strict].concat());
}
