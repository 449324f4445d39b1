//! The commands, from the command line to the disk.

mod desk;
mod import;
mod lock;
#[cfg(unix)]
mod nightly;
mod read_page;
mod sync;
