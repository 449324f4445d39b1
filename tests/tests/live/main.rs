//! Models at run time, held against those that programs are compiled with.

mod catalogue;
mod corrected;
mod differential;
mod digest;
mod find;
mod hostile;
mod law;
mod tool;
