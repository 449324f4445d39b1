//! The rules of durable paid jobs as executable models: every interleaving of workers, crashes, lost answers, leases that
//! run out and a person's decisions, within small bounds; the laws are checked in every state. A rule without which no law
//! breaks is no rule. Must not know the store that keeps the rules, nor the client.

mod explore;

pub mod again;
pub mod download;

pub mod submit;

pub use explore::{Broken, Explored, Model, explore};
