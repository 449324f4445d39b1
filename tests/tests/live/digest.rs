//! The digest of what a schema means on the wire is counted in two places that must not know each other.

use fastrand::Rng;
use runcomfy::Digest;
use runcomfy_codegen::digest::digest;
use serde_json::{Value, json};
use workspace_tests::differential::random;
use workspace_tests::hostile::twins::Twins;
use workspace_tests::{fixtures, load, root};

#[test]
fn generator_and_client_count_the_same() {
    let published = [fixtures(), root().join("schemas")].map(|folder| load(&folder).models).concat();
    let published = published.iter().map(|model| serde_json::from_str::<Value>(&model.input.text).expect("JSON"));
    let mut schemas: Vec<Value> = published.collect();
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        schemas.push(random::schema(&mut rng));
        schemas.push(Twins::random(&mut rng).hostile);
    }
    schemas.push(
        json!({"const": [1e300, -0.0, 1.5, u64::MAX, i64::MIN, "\u{301}\n"], "validations": [{"message": "a"}, 7]}),
    );
    schemas.push(
        json!({"dependentRequired": {"a": ["c", "b"]}, "dependencies": {"a": ["b"]}, "items": [true, {"title": 1}]}),
    );
    for schema in &schemas {
        assert_eq!(Digest::of(schema).bits(), digest(schema), "{schema}");
    }
    let compiled = runcomfy::models().filter(|model| model.digest.is_some()).count();
    assert!(compiled >= 100 && schemas.len() > 700, "{compiled} models, {} schemas", schemas.len());
}
