//! The commands, from the command line to the disk.

mod desk;
mod import;
mod lock;
#[cfg(unix)]
mod nightly;
mod read_page;
#[cfg(unix)]
mod release;
mod sync;
mod workflows;
