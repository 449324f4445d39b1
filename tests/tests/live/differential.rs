//! A small run of the differential through models at run time. The large one is `examples/live_differential.rs`.

use workspace_tests::differential::Suite;
use workspace_tests::{fixtures, frozen, load};

#[test]
fn run_time_tables_accept_what_their_schema_accepts() {
    let mut suite = Suite::default();
    suite.add_all("frozen", load(&frozen()));
    suite.add_all("fixtures", load(&fixtures()));
    let refused = suite.add_random(60, 9);
    assert!(refused < 20, "the generator refused {refused} of 60 random schemas");
    let counts = suite.run_live(40_000, 9);
    assert!(counts.disagreements.is_empty(), "{}", counts.disagreements.join("\n"));
    assert!(counts.accepted * 10 >= counts.instances * 3, "{}", counts.summary());
    assert!(counts.alone.len() > 15, "few keywords decided: {:?}", counts.alone);
}

#[test]
fn run_time_tables_have_the_fields_of_all_parts_of_a_root() {
    let mut suite = Suite::default();
    let refused = suite.add_scattered(9);
    assert!(refused < 9, "the generator refused {refused} of 36 schemas with scattered fields");
    let counts = suite.run_live(8_000, 9);
    assert!(counts.disagreements.is_empty(), "{}", counts.disagreements.join("\n"));
    // A closed root accepts few inputs that have fields of its parts.
    assert!(counts.accepted * 10 >= counts.instances, "{}", counts.summary());
}
