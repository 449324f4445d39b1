//! Helpers shared by the integration tests.

pub mod lock_cases;
