//! Types at random, through every combination of union, list, map, tuple, nullable value, object and recursion: what is
//! generated compiles without a warning. `examples/random_types.rs` does the same with any number.

use workspace_tests::shapes;

/// Why a model may be refused: nothing else may stop one that is new.
const REASONS: [&str; 1] = ["leads back to itself, without a list, map or object between"];

#[test]
fn whatever_is_generated_compiles() {
    let (models, refused) = shapes::models(80, 5);
    let errors = refused.iter().flat_map(|told| told.lines()).filter(|line| line.starts_with("error: "));
    let needless: Vec<&str> = errors.filter(|error| !REASONS.iter().any(|reason| error.contains(reason))).collect();
    assert!(needless.is_empty(), "{} of 80 models: {}", refused.len(), needless.join("\n"));
    assert!(refused.len() < 8, "{} of 80 models", refused.len());
    shapes::compile("random-types", &models);
}
