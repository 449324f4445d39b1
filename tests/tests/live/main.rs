//! Models at run time, held against those that programs are compiled with.

mod catalogue;
mod differential;
mod digest;
mod hostile;
mod law;
