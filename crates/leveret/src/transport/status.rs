use std::{fmt, time::Duration};

/// How one connection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionState {
    /// The first attempt is under way.
    Connecting,
    /// Connected; `epoch` grows by one with each connection.
    Up {
        /// Which connection it is, counted from 1.
        epoch: u64,
    },
    /// Connected, but the broker has confirmed nothing for a while: a memory or disk alarm, or a broker that hangs.
    Stalled {
        /// Which connection it is, counted from 1.
        epoch: u64,
    },
    /// Lost or not reached; the next attempt follows after a pause.
    Backoff {
        /// How many attempts have failed in a row.
        attempt: u32,
        /// Why the last one failed.
        error: String,
    },
    /// Closed by us, or given up: it will not come back.
    Closed,
}

impl ConnectionState {
    /// Whether there is a connection, be it a slow one.
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Up { .. } | Self::Stalled { .. })
    }
}

impl fmt::Display for ConnectionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connecting => f.write_str("connecting"),
            Self::Up { .. } => f.write_str("connected"),
            Self::Stalled { .. } => f.write_str("connected, but the broker confirms nothing"),
            Self::Backoff { attempt, error } => write!(f, "not connected after {attempt} attempts: {error}"),
            Self::Closed => f.write_str("closed"),
        }
    }
}

/// How a transport stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The connection that publishes.
    pub publishing: ConnectionState,
    /// The connection that consumes.
    pub consuming: ConnectionState,
    /// The queues that the broker is delivering from at this moment.
    pub consumers: Vec<String>,
    /// What is sent and not confirmed.
    pub unconfirmed: Unconfirmed,
    /// Why a connection was last lost, if one was.
    pub last_error: Option<String>,
}

/// What is sent and not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Unconfirmed {
    /// How many messages.
    pub count: usize,
    /// How long the oldest of them has waited.
    pub oldest: Option<Duration>,
}

impl Unconfirmed {
    pub(crate) fn new(count: usize, oldest: Option<Duration>) -> Self {
        Self { count, oldest }
    }
}
