//! Workers against the emulator, whose account is the witness: what it was asked, against what the table says.

mod batches;
mod desk;
mod example;
mod files;
mod kept;
mod killed;
mod media;
mod names;
mod persons;
mod quotes;
mod servers;
