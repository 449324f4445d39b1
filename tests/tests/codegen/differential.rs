//! A small run of the differential: the generated types of the tests' schemas, and of some random ones,
//! against the crate `jsonschema`. The large run, which takes
//! the published schemas too, is `examples/differential.rs`.

use workspace_tests::differential::Suite;
use workspace_tests::{fixtures, frozen, load};

#[test]
fn the_generated_types_accept_what_their_schema_accepts() {
    let mut suite = Suite::default();
    suite.add_all("frozen", load(&frozen()));
    suite.add_all("fixtures", load(&fixtures()));
    let refused = suite.add_random(30, 7);
    assert!(refused < 10, "the generator refused {refused} of 30 random schemas");
    let counts = suite.run(10_000, 7, false);
    assert!(counts.disagreements.is_empty(), "{}", counts.disagreements.join("\n"));
    assert!(counts.accepted * 10 >= counts.instances * 3, "{}", counts.summary());
    assert!(counts.alone.len() > 15, "few keywords decided: {:?}", counts.alone);
}
