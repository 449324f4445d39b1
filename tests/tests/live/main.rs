//! Models at run time, held against those that programs are compiled with.

mod catalogue;
mod differential;
mod hostile;
mod law;
