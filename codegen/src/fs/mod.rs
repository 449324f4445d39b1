//! The one module that touches the disk: folders in, [`Sources`](crate::Sources) out; texts in, files out.
//!
//! Nothing here understands a schema or a line of Rust. What the callers may rely on:
//!
//! - **All or nothing.** Every temporary file is written before the first rename, so that a full disk or a missing
//!   permission changes nothing. A run that is killed leaves files that start with [`TEMPORARY`]; the next write removes
//!   them and [`check`] reports them.
//! - **Only what changed** is written, so that builds and editors see no change where there is none.
//! - **Only what is ours** is overwritten or removed in a generated crate: files with [`HEADER_MARK`](crate::HEADER_MARK).
//! - **One at a time.** A command that writes holds the schema folder from its first look to its last rename (`hold`);
//!   another one is refused meanwhile.
//! - **Line endings don't count.** We write LF. A file that a checkout turned into CRLF equals our text and is left as
//!   it is, by [`write()`] and [`check`] alike: otherwise `check` would fail forever on a correct tree.

mod crate_folder;
#[cfg(feature = "commands")]
mod hold;
mod load;
mod read;
mod transaction;
mod walk;

#[cfg(test)]
mod tests;

pub use crate_folder::{Difference, check, check_files, write, write_with};
#[cfg(feature = "commands")]
pub use hold::{Hold, hold};
pub use load::{case_twin, holds_no_model, load, load_readable, load_shared};
pub use read::{MAX_BYTES, decode, read_bounded, read_text};
pub use transaction::{Changes, replace_files, write_files};
pub use walk::TEMPORARY;
