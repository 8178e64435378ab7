use std::{fmt, path::PathBuf};

use super::Report;
use crate::{
    contracts::CatalogueErrorKind,
    error::{Error, ErrorKind},
};

/// A snapshot that cannot be read or written, or contracts that break with it.
pub type SnapshotError = Error<SnapshotErrorKind>;

/// Why contracts and their snapshot do not agree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SnapshotErrorKind {
    /// Services of before and of after the changes do not understand each other.
    Breaking(Report),
    /// There is no snapshot yet.
    Missing(PathBuf),
    /// The catalogue is not complete.
    Catalogue(CatalogueErrorKind),
    /// A file is not what it should be.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The variable `LEVERET_CONTRACTS` has a value that means nothing.
    Variable(String),
}

impl fmt::Display for SnapshotErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Breaking(report) => write!(
                f,
                "the contracts break with their snapshot:\n{report}\n\
                 If that is meant, write the snapshot anew: `LEVERET_CONTRACTS=overwrite cargo test`, or `leveret \
                 contracts snapshot`"
            ),
            Self::Missing(folder) => write!(
                f,
                "there is no snapshot in {}: write it by `LEVERET_CONTRACTS=overwrite cargo test`, or by `leveret \
                 contracts snapshot`, and commit it",
                folder.display()
            ),
            Self::Catalogue(kind) => kind.fmt(f),
            Self::File { path, reason } => write!(f, "{}: {reason}", path.display()),
            Self::Variable(value) => {
                write!(f, "LEVERET_CONTRACTS is `{value}`; it may be `overwrite`, or not be set")
            }
        }
    }
}

impl ErrorKind for SnapshotErrorKind {
    fn is_retryable(&self) -> bool {
        false
    }
}
