use std::{fmt, time::Duration};

use crate::{
    error::{Error, ErrorKind},
    headers::Value,
};

/// A transport that could not do what it was asked.
pub type TransportError = Error<TransportErrorKind>;

/// Why a transport could not do what it was asked. `text` is what the broker said, where it said something.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The URL cannot be used.
    InvalidUrl {
        /// What is wrong with it; without the password.
        reason: String,
    },
    /// The TLS settings cannot be used, or the handshake failed.
    Tls {
        /// What is wrong.
        reason: String,
    },
    /// No host of the URL answered in time.
    Unreachable {
        /// The hosts and the last reason, without the password.
        reason: String,
    },
    /// The broker does not accept user and password.
    CredentialsRefused {
        /// The user.
        user: String,
        /// The host.
        host: String,
    },
    /// The virtual host does not exist, or the user may not enter it.
    VirtualHostRefused {
        /// The virtual host.
        name: String,
        /// The user.
        user: String,
        /// What the broker said.
        text: String,
    },
    /// The user may not do this (403).
    AccessRefused {
        /// What was tried, such as "declare the queue `billing`".
        action: String,
        /// What the broker said.
        text: String,
    },
    /// A queue or an exchange does not exist (404).
    NotFound {
        /// What was tried.
        action: String,
        /// What the broker said.
        text: String,
    },
    /// A queue exists with other arguments (406).
    QueueMismatch {
        /// The queue.
        queue: String,
        /// Each argument that differs.
        differences: Vec<ArgumentMismatch>,
    },
    /// The broker refused for another reason.
    Refused {
        /// What was tried.
        action: String,
        /// The AMQP reply code.
        code: u16,
        /// What the broker said.
        text: String,
    },
    /// The connection was lost, or the broker did not answer in time.
    Interrupted {
        /// What was tried.
        action: String,
        /// What happened.
        reason: String,
    },
    /// The transport is closed.
    Closed,
}

/// An argument with which a queue exists, and with which it was declared.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ArgumentMismatch {
    /// The argument.
    pub name: String,
    /// What the queue has, in the broker's words; `None` for nothing.
    pub existing: Option<String>,
    /// What was declared; `None` for nothing.
    pub declared: Option<Value>,
}

impl ArgumentMismatch {
    /// An argument that differs.
    pub fn new(name: impl Into<String>, existing: Option<String>, declared: Option<Value>) -> Self {
        Self { name: name.into(), existing, declared }
    }
}

impl fmt::Display for ArgumentMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let existing = self.existing.as_deref().unwrap_or("nothing");
        let declared = self.declared.as_ref().and_then(Value::to_text);
        write!(f, "`{}` is {existing} there and {} here", self.name, declared.as_deref().unwrap_or("nothing"))
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUrl { reason } => write!(f, "the broker URL cannot be used: {reason}"),
            Self::Tls { reason } => {
                write!(
                    f,
                    "TLS failed: {reason}; check the port (5671 by default), the CA file and the certificates"
                )
            }
            Self::Unreachable { reason } => write!(f, "no broker could be reached: {reason}"),
            Self::CredentialsRefused { user, host } => write!(
                f,
                "the broker at {host} refused user `{user}`: check user and password in the URL (percent-encoded), and that the user may log in from here"
            ),
            Self::VirtualHostRefused { name, user, text } => write!(
                f,
                "the virtual host `{name}` cannot be entered by user `{user}`: create it, or grant the user access to it ({text})"
            ),
            Self::AccessRefused { action, text } => {
                write!(f, "not permitted to {action}: grant the user the permission")?;
                if action.starts_with("declare") {
                    f.write_str(", or declare it by other means and build the bus with `.declare(false)`")?;
                }
                write!(f, " ({text})")
            }
            Self::NotFound { action, text } => write!(f, "cannot {action}: it does not exist ({text})"),
            Self::QueueMismatch { queue, differences } => {
                write!(f, "the queue `{queue}` exists with other arguments: ")?;
                for (i, difference) in differences.iter().enumerate() {
                    write!(f, "{}{difference}", if i == 0 { "" } else { "; " })?;
                }
                f.write_str(". Delete the queue once it is empty, declare it alike with `QueueOptions`, or take it as it is with `.adopt()`")
            }
            Self::Refused { action, code, text } => {
                write!(f, "the broker refused to {action}: {code} {text}")
            }
            Self::Interrupted { action, reason } => write!(f, "could not {action}: {reason}"),
            Self::Closed => f.write_str("the bus is shut down"),
        }
    }
}

impl ErrorKind for TransportErrorKind {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Interrupted { .. })
    }
}

/// A message that could not be handed to the broker.
pub type PublishError = Error<PublishErrorKind>;

/// Why a message could not be handed to the broker (design §3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishErrorKind {
    /// The broker returned it: no queue is bound to `exchange` by `routing_key`.
    Unroutable {
        /// Where it was published; empty for the default exchange.
        exchange: String,
        /// The key it was published with.
        routing_key: String,
    },
    /// A queue refused it again and again (`basic.nack`). Of an event, other queues may have it.
    Refused,
    /// The broker closed the channel because of this message.
    Rejected {
        /// The AMQP reply code: 403 not permitted, 404 no such exchange, 406 too large.
        code: u16,
        /// What the broker said.
        text: String,
    },
    /// It was sent, and no confirm came before the deadline: the broker may have it or not.
    Unknown {
        /// What stood in the way.
        reason: String,
    },
    /// It was not sent before the deadline: the broker cannot have it.
    NotSent {
        /// What stood in the way.
        reason: String,
    },
    /// It does not fit the limits of the wire.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A message cannot be held back for so long (design §5).
    DelayTooLong {
        /// How long it should have been held back.
        delay: Duration,
        /// The longest delay.
        limit: Duration,
    },
    /// A queue to which no message can be delayed, because a word of its name is a wildcard.
    DelayToWildcard {
        /// The queue.
        queue: String,
    },
    /// The transport is closed.
    Closed,
}

impl fmt::Display for PublishErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unroutable { exchange, routing_key } if exchange.is_empty() => {
                write!(
                    f,
                    "no queue is called `{routing_key}`: start the endpoint that owns it first, or check the name"
                )
            }
            Self::Unroutable { exchange, routing_key } => write!(
                f,
                "no queue is bound to the exchange `{exchange}` by the key `{routing_key}`: start the endpoint that should get it first, or check the name (an event that may have no subscriber is declared with `mandatory = false`)"
            ),
            Self::Refused => {
                f.write_str("a queue refused the message again and again: it is full or unavailable")
            }
            Self::Rejected { code, text } => write!(f, "the broker rejected the message: {code} {text}"),
            Self::Unknown { reason } => {
                write!(
                    f,
                    "the broker did not confirm the message in time, and may or may not have it: {reason}"
                )
            }
            Self::NotSent { reason } => write!(f, "the message could not be sent in time: {reason}"),
            Self::TooLarge { what, bytes, limit } => {
                write!(f, "the {what} has {bytes} bytes, and may have {limit} at most")
            }
            Self::DelayTooLong { delay, limit } => write!(
                f,
                "a delay of {} days is too long, the longest is {} days: send it nearer to its time",
                days(*delay),
                days(*limit)
            ),
            Self::DelayToWildcard { queue } => write!(
                f,
                "a message to the queue `{queue}` cannot be delayed, because a word of its name is a wildcard: send it without delay, or rename the queue"
            ),
            Self::Closed => f.write_str("the bus is shut down"),
        }
    }
}

fn days(duration: Duration) -> u64 {
    duration.as_secs() / (24 * 60 * 60)
}

impl ErrorKind for PublishErrorKind {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Refused | Self::Unknown { .. } | Self::NotSent { .. })
    }
}
