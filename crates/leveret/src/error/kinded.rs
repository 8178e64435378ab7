use std::{error::Error as StdError, fmt};

use super::BoxError;

/// What one operation can fail with: a sentence for people, and whether trying again helps.
pub trait ErrorKind: fmt::Display + fmt::Debug + Send + Sync + 'static {
    /// Whether the same call may succeed later without anything being changed.
    fn is_retryable(&self) -> bool;
}

/// An error of one operation: its kind, and what caused it.
///
/// Every operation has an alias of its own, such as [`SendError`](crate::SendError), and a kind enum beside it.
/// Match on [`kind`](Self::kind), never on the text. `Debug` prints the sentence and the chain of causes, so that a
/// `main` that returns the error says something a person can act on.
pub struct Error<K> {
    kind: K,
    source: Option<BoxError>,
}

impl<K: ErrorKind> Error<K> {
    pub(crate) fn new(kind: K) -> Self {
        Self { kind, source: None }
    }

    pub(crate) fn with_source(kind: K, source: impl Into<BoxError>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// The same causes under another kind: for an operation that fails because one below it failed.
    pub(crate) fn map<T: ErrorKind>(self, kind: impl FnOnce(K) -> T) -> Error<T> {
        Error { kind: kind(self.kind), source: self.source }
    }

    /// What went wrong.
    pub fn kind(&self) -> &K {
        &self.kind
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }
}

impl<K: ErrorKind> From<K> for Error<K> {
    fn from(kind: K) -> Self {
        Self::new(kind)
    }
}

impl<K: ErrorKind> fmt::Display for Error<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)
    }
}

impl<K: ErrorKind> fmt::Debug for Error<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{:?}]", self.kind, self.kind)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "\n  caused by: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl<K: ErrorKind> StdError for Error<K> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Burnt;
    impl fmt::Display for Burnt {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the toast is burnt: turn the dial down")
        }
    }
    impl ErrorKind for Burnt {
        fn is_retryable(&self) -> bool {
            false
        }
    }

    #[test]
    fn debug_tells_the_sentence_and_the_causes() {
        let error = Error::with_source(Burnt, "smoke");
        assert_eq!(error.to_string(), "the toast is burnt: turn the dial down");
        assert_eq!(
            format!("{error:?}"),
            "the toast is burnt: turn the dial down [Burnt]\n  caused by: smoke"
        );
    }
}
