//! The program, as people and programs run it: in a pipe, on emulators.

mod batches;
mod desk;
mod help;
#[cfg(unix)]
mod host;
mod hostile;
mod inputs;
#[cfg(unix)]
mod kills;
mod live;
#[cfg(unix)]
mod mcp;
#[cfg(target_os = "linux")]
mod pipes;
mod runs;
#[cfg(unix)]
mod terminal;
mod tools;
