use std::{fmt, time::Duration};

use crate::{
    error::{Error, ErrorKind},
    publish::SendErrorKind,
    transport::TransportErrorKind,
};

/// A request that got no reply.
pub type RequestError = Error<RequestErrorKind>;

/// Why a request got no reply.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RequestErrorKind {
    /// The command could not be sent.
    Send(SendErrorKind),
    /// No reply came in time. The command may have been handled all the same.
    TimedOut {
        /// How long the request waited.
        after: Duration,
    },
    /// The request would wait longer than its reply queue is sure to live.
    TimeoutTooLong {
        /// How long it would wait.
        timeout: Duration,
        /// How long it may wait.
        limit: Duration,
    },
    /// A reply came and is not what the contract promises; the source says why.
    Undecodable,
    /// The queue for replies could not be set up.
    ReplyQueue(TransportErrorKind),
    /// The bus was shut down before a reply came.
    Closed,
}

impl fmt::Display for RequestErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(kind) => kind.fmt(f),
            Self::TimedOut { after } => write!(
                f,
                "no reply came within {after:?}: the endpoint is down, slow, or its handler failed (look into the error queue); the command may have been handled all the same"
            ),
            Self::TimeoutTooLong { timeout, limit } => write!(
                f,
                "a request cannot wait {timeout:?}: its reply queue is only sure to live {limit:?}; raise the bus' `request_timeout`, or send the command and handle the reply"
            ),
            Self::Undecodable => f.write_str("the reply is not what the contract of the command promises"),
            Self::ReplyQueue(kind) => write!(f, "no queue for replies: {kind}"),
            Self::Closed => f.write_str("the bus was shut down before a reply came"),
        }
    }
}

impl ErrorKind for RequestErrorKind {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Send(kind) => kind.is_retryable(),
            Self::ReplyQueue(kind) => kind.is_retryable(),
            Self::TimedOut { .. } => true,
            Self::TimeoutTooLong { .. } | Self::Undecodable | Self::Closed => false,
        }
    }
}
