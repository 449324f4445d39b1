//! `cargo xtask sync`, from the command line to the disk, and from a catalogue on loopback.

mod bench;
mod facts;
mod live;
mod origins;
mod same_bytes;
mod saved;
mod year;
