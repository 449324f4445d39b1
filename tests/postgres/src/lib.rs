//! A PostgreSQL of a test's own: a cluster in a scratch folder, reached by a socket there and by nothing else. It ends with the
//! process that started it, however that ends. Must not know what the databases are for.
//!
//! PostgreSQL's programs are looked for in `PATH`, where `pg_config` says, and where Debian has them. Where there are none, tests
//! say that they were left out; if [`NEEDED`] is set, that is a failure.

#[cfg(unix)]
mod cluster;
mod programs;

#[cfg(unix)]
pub use cluster::Cluster;

/// Stands for the cluster where there can be none.
#[cfg(not(unix))]
#[derive(Debug)]
pub enum Cluster {}

/// The variable that makes a failure of what would be left out.
pub const NEEDED: &str = "RUNCOMFY_NEED_POSTGRES";
