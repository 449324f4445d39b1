//! A valid input is checked without allocating, so that a check costs next to nothing.

use crate::sample_model::{Input, Strength, full, sample};
use runcomfy_client::Model;

#[test]
fn a_valid_input_is_checked_without_allocating() {
    let mut input = full();
    input.anything = None;
    let all = allocation_counter::measure(|| assert!(input.validate().is_ok()));
    assert_eq!(all.count_total, 0);
}

#[test]
fn an_invalid_input_allocates_only_to_say_so() {
    let input = Input::new("", sample(), Strength::Number(0.5));
    let info = allocation_counter::measure(|| assert!(input.validate().is_err()));
    assert!(info.count_total > 0, "the counter counts");
}
