//! Models at run time, held against those that programs are compiled with.

mod cache;
mod cases;
mod catalogue;
mod corrected;
mod differential;
mod digest;
mod find;
mod hostile;
mod law;
mod listed;
mod tool;
