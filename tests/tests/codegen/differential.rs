//! A small run of the differential: the generated types of the tests' schemas, and of some random ones,
//! against the crate `jsonschema`. The large run, which takes
//! the published schemas too, is `examples/differential.rs`.

use workspace_tests::differential::Suite;
use workspace_tests::{fixtures, frozen, load, root};

#[test]
fn the_generated_types_accept_what_their_schema_accepts() {
    let mut suite = Suite::default();
    suite.add_all("frozen", load(&frozen()));
    suite.add_all("fixtures", load(&fixtures()));
    let refused = suite.add_random(30, 7);
    assert!(refused < 10, "the generator refused {refused} of 30 random schemas");
    let refused = suite.add_scattered(7);
    assert!(refused < 9, "the generator refused {refused} of 36 schemas with scattered fields");
    let counts = suite.run(14_000, 7, false);
    assert!(counts.disagreements.is_empty(), "{}", counts.disagreements.join("\n"));
    assert!(counts.accepted * 10 >= counts.instances * 3, "{}", counts.summary());
    assert!(counts.alone.len() > 15, "few keywords decided: {:?}", counts.alone);
}

/// The tables that the types are checked by, of every published model: compiled with this program already.
#[test]
fn every_published_model_s_table_accepts_what_its_schema_accepts() {
    let mut suite = Suite::default();
    suite.add_all("schemas", load(&root().join("schemas")));
    let counts = suite.run_untyped(12_000, 3, |id, input| match runcomfy::check_json(id, input) {
        Ok(()) => Vec::new(),
        Err(runcomfy::CheckError::InvalidInput(invalid)) => {
            invalid.iter().map(|one| (format!("{:?}", one.kind()), one.wire_key().to_owned())).collect()
        }
        Err(error) => panic!("{error}"),
    });
    assert!(counts.schemas * 2 > runcomfy::models().count(), "{}", counts.summary());
    assert!(counts.disagreements.is_empty(), "{}", counts.disagreements.join("\n"));
    assert!(counts.accepted * 10 >= counts.instances * 3, "{}", counts.summary());
}
