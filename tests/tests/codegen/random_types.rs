//! Types at random, through every combination of union, list, map, tuple, nullable value, object and recursion: what is
//! generated compiles without a warning. `examples/random_types.rs` does the same with any number.

use workspace_tests::shapes;

#[test]
fn whatever_is_generated_compiles() {
    let (models, refused) = shapes::models(80, 5);
    assert!(refused.len() < 45, "the generator refused {} of 80 models: {}", refused.len(), refused.concat());
    shapes::compile("random-types", &models);
}
