//! The crate `runcomfy` as the examples use it, with a copy of a model that no sync changes: so they compile whatever
//! RunComfy publishes next, and a person changes them and the copy when what the pages show has to change. Must not
//! depend on the crate `runcomfy`.

#[cfg(feature = "client")]
pub use runcomfy_client::http::*;
pub use runcomfy_client::*;

include!(concat!(env!("OUT_DIR"), "/runcomfy.rs"));
