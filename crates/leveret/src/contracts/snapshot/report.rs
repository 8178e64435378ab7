use std::fmt;

use crate::contracts::Change;

/// What has changed since a snapshot. `Display` tells all of it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The changes, the breaking ones first.
    pub changes: Vec<Change>,
}

impl Report {
    pub(super) fn new(changes: Vec<Change>) -> Self {
        Self { changes }
    }

    /// Whether a change hurts somebody.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }

    /// Whether the snapshot says what the contracts say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes.iter().try_for_each(|change| writeln!(f, "{change}"))?;
        let breaking = self.changes.iter().filter(|change| change.is_breaking()).count();
        write!(f, "{breaking} breaking, {} additive", self.changes.len() - breaking)
    }
}

impl fmt::Debug for Report {
    /// In few words, since errors show it behind all of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").field("changes", &self.changes.len()).finish_non_exhaustive()
    }
}
