use std::{fmt, time::Duration};

use crate::{
    error::{Error, ErrorKind},
    topology::InvalidName,
    transport::TransportErrorKind,
};

/// A bus that could not be started.
pub type StartError = Error<StartErrorKind>;

/// Why a bus could not be started.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// The URL does not begin with a known scheme.
    UnknownScheme {
        /// What it begins with.
        scheme: String,
    },
    /// The endpoint, an exchange or another name cannot be used.
    InvalidName(InvalidName),
    /// A builder option has a value that makes no sense.
    InvalidOption {
        /// Which option, and what it should be.
        reason: String,
    },
    /// The broker cannot be reached, or refuses.
    Broker(TransportErrorKind),
    /// The start took too long.
    TimedOut {
        /// What it was waiting for.
        waiting_for: &'static str,
        /// How long it was allowed to take.
        after: Duration,
    },
}

impl fmt::Display for StartErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownScheme { scheme } => write!(
                f,
                "a bus cannot be started on `{scheme}`: write amqp://user:password@host:5672/vhost, amqps://.. or memory://name"
            ),
            Self::InvalidName(error) => error.fmt(f),
            Self::InvalidOption { reason } => f.write_str(reason),
            Self::Broker(kind) => kind.fmt(f),
            Self::TimedOut { waiting_for, after } => write!(
                f,
                "the bus did not start within {after:?}, still waiting for {waiting_for}: is the broker up? `start_timeout` changes the limit"
            ),
        }
    }
}

impl ErrorKind for StartErrorKind {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Broker(kind) => kind.is_retryable(),
            Self::TimedOut { .. } => true,
            _ => false,
        }
    }
}

impl From<InvalidName> for StartError {
    fn from(error: InvalidName) -> Self {
        Self::new(StartErrorKind::InvalidName(error))
    }
}

/// Something other than a message that a running bus could not do.
pub type BusError = Error<BusErrorKind>;

/// Why a running bus could not do it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BusErrorKind {
    /// It takes an endpoint, and this bus only sends.
    NoEndpoint {
        /// What was tried.
        action: &'static str,
    },
    /// A subscription whose messages no handler of the endpoint would take.
    NoHandler {
        /// The event or the pattern.
        subscription: String,
    },
    /// The pattern cannot be used.
    InvalidName(InvalidName),
    /// The broker cannot be reached, or refuses.
    Broker(TransportErrorKind),
}

impl fmt::Display for BusErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEndpoint { action } => {
                write!(f, "cannot {action}: this bus has no endpoint; build it with `.endpoint(..)`")
            }
            Self::NoHandler { subscription } => write!(
                f,
                "cannot subscribe to {subscription}: no handler of this endpoint takes it; write one, or one for `AnyMessage`"
            ),
            Self::InvalidName(error) => error.fmt(f),
            Self::Broker(kind) => kind.fmt(f),
        }
    }
}

impl ErrorKind for BusErrorKind {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Broker(kind) => kind.is_retryable(),
            _ => false,
        }
    }
}
