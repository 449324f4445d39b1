//! The commands, from the command line to the disk.

mod import;
mod lock;
mod read_page;
mod sync;
