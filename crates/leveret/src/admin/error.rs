use std::fmt;

use crate::{
    error::{Error, ErrorKind},
    transport::TransportErrorKind,
};

/// A look into the error queue, or a change of it, that could not be finished.
pub type AdminError = Error<AdminErrorKind>;

/// Why the error queue could not be worked. What had been moved by then is moved; everything else is in the queue.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AdminErrorKind {
    /// The broker refused, or could not be reached.
    Broker(TransportErrorKind),
    /// The queue has messages, and the broker delivers none of them.
    Stuck {
        /// The queue.
        queue: String,
        /// How many messages are ready in it.
        ready: u32,
        /// How many seconds were waited.
        seconds: u64,
    },
}

impl fmt::Display for AdminErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broker(kind) => kind.fmt(f),
            Self::Stuck { queue, ready, seconds } => write!(
                f,
                "the broker delivers nothing out of the queue `{queue}` for {seconds} s, though {ready} messages are ready: does another consumer have it for itself?"
            ),
        }
    }
}

impl ErrorKind for AdminErrorKind {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Broker(kind) => kind.is_retryable(),
            Self::Stuck { .. } => true,
        }
    }
}

impl From<Error<TransportErrorKind>> for AdminError {
    fn from(error: Error<TransportErrorKind>) -> Self {
        error.map(AdminErrorKind::Broker)
    }
}
