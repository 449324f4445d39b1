//! The emulator from outside, through a plain HTTP client: its endpoints, its codes and its faults.

mod catalogue;
mod faults;
mod files;
mod hostile;
mod limits;
mod line;
mod loading;
mod program;
mod queue;
mod support;
