//! The program, as people and programs run it: in a pipe, on emulators.

mod batches;
mod desk;
mod help;
mod inputs;
mod live;
#[cfg(unix)]
mod mcp;
mod runs;
#[cfg(unix)]
mod terminal;
mod tools;
