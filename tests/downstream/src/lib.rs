//! A crate with models of its own: private ones, or a few of the public ones and nothing else.
//!
//! Its public one is a copy that stays as it is: the workspace's tests stand on it, so that they pass whatever the published
//! schemas become.
//!
//! Its `schemas/` is a folder as the generator knows it; `names.lock` in there is written by `runcomfy-codegen lock` and
//! committed. Must not depend on the crate `runcomfy`.

/// The models of this crate's schema folder.
pub mod models {
    include!(concat!(env!("OUT_DIR"), "/runcomfy.rs"));
}
