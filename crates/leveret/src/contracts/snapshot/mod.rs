//! Contracts as they were: a folder with one file for each, which is committed with the code.
//!
//! ```text
//! file       one contract as a file: its schema, with the facts of the contract in it; pure
//! folder     all of them
//! report     what has changed since
//! ```

mod error;
mod file;
mod folder;
mod report;

pub use self::error::{SnapshotError, SnapshotErrorKind};
pub use self::folder::{Snapshot, Written};
pub use self::report::Report;
