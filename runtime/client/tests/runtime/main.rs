//! The runtime as generated code and its users see it, on one model written by hand.

mod allocation;
mod model;
mod round_trip;
mod rules;
#[expect(unreachable_pub, reason = "generated types are public")]
mod sample_model;
