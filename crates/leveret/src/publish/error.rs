use std::fmt;

use crate::{
    codec::CodecError,
    error::{Error, ErrorKind},
    topology::InvalidName,
    transport::{PublishError, PublishErrorKind},
};

/// A message that could not be sent, published, deferred or replied.
pub type SendError = Error<SendErrorKind>;

/// Why a message could not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendErrorKind {
    /// The contract could not be encoded; the source says why.
    Encoding,
    /// The queue, topic, exchange or another name cannot be used.
    InvalidName(InvalidName),
    /// An event of another owner.
    NotOwner {
        /// The event, by its name on the wire.
        event: &'static str,
        /// The endpoint that alone publishes it.
        owner: &'static str,
        /// The endpoint of this bus, or the one that it claims.
        publisher: Option<String>,
    },
    /// A reply, and the command came without a ReplyToAddress.
    NoReplyAddress,
    /// The broker does not have it, or may not have it.
    Broker(PublishErrorKind),
}

impl SendErrorKind {
    /// Whether no queue was there to take the message.
    pub fn is_unroutable(&self) -> bool {
        matches!(self, Self::Broker(PublishErrorKind::Unroutable { .. }))
    }
}

impl fmt::Display for SendErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => f.write_str("the message cannot be encoded"),
            Self::InvalidName(error) => error.fmt(f),
            Self::NotOwner { event, owner, publisher: Some(publisher) } => write!(
                f,
                "`{event}` belongs to the endpoint `{owner}`, and this is a bus of `{publisher}`: send `{owner}` a command that makes it publish, or publish an event of your own"
            ),
            Self::NotOwner { event, owner, publisher: None } => write!(
                f,
                "`{event}` belongs to the endpoint `{owner}`, and this bus has no endpoint: if it publishes on behalf of `{owner}`, build it with `.claim(\"{owner}\")`"
            ),
            Self::NoReplyAddress => f.write_str(
                "nobody awaits a reply: the command came without a ReplyToAddress, since its sender has no endpoint",
            ),
            Self::Broker(kind) => kind.fmt(f),
        }
    }
}

impl ErrorKind for SendErrorKind {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Broker(kind) => kind.is_retryable(),
            _ => false,
        }
    }
}

impl From<PublishError> for SendError {
    fn from(error: PublishError) -> Self {
        error.map(SendErrorKind::Broker)
    }
}

impl From<CodecError> for SendError {
    fn from(error: CodecError) -> Self {
        Self::with_source(SendErrorKind::Encoding, error)
    }
}

impl From<InvalidName> for SendError {
    fn from(error: InvalidName) -> Self {
        Self::new(SendErrorKind::InvalidName(error))
    }
}
