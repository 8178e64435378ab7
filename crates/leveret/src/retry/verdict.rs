use std::time::Duration;

/// What becomes of a message that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Run its handler again after this wait; zero is at once. A wait of over 397 days is cut to
    /// that.
    Retry(Duration),
    /// Move it to the error queue.
    MoveToError,
    /// Acknowledge it and forget it.
    Discard,
}

impl Verdict {
    /// The same with no longer a wait.
    pub(crate) fn within(self, longest: Duration) -> Self {
        match self {
            Self::Retry(wait) => Self::Retry(wait.min(longest)),
            other => other,
        }
    }
}
