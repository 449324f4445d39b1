//! The client and the crate that users import, most of it against the emulator. One program: each would hold the whole
//! client and emulator once more.

mod blocking;
mod jobs;
mod json_schema;
mod soak;
mod submit_memory;
mod vace_fun;
