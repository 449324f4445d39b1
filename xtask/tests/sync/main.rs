//! `cargo xtask sync`, from the command line to the disk.

mod bench;
mod saved;
