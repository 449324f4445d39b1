//! The emulator from outside, through a plain HTTP client: its endpoints, its codes and its faults.

mod catalogue;
mod files;
mod queue;
mod support;
