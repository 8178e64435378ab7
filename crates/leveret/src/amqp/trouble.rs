use std::fmt;

use crate::transport::TransportErrorKind;

/// Why the broker closed a channel or a connection: its own code and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerClose {
    pub(super) code: u16,
    pub(super) text: String,
    /// The method that it complains about.
    pub(super) method: (u16, u16),
}

/// `basic.publish`, as a close names it.
pub(super) const PUBLISH: (u16, u16) = (60, 40);

impl fmt::Display for ServerClose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

/// Why an operation on a channel did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The broker closed the channel.
    Closed(ServerClose),
    /// The connection is lost, or was given up.
    Lost(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(close) => write!(f, "the broker closed the channel: {close}"),
            Self::Lost(reason) => f.write_str(reason),
        }
    }
}

impl Trouble {
    /// What this means to one who tried to do `action`.
    pub(super) fn into_kind(self, action: &str) -> TransportErrorKind {
        let action = action.to_owned();
        match self {
            Self::Lost(reason) => TransportErrorKind::Interrupted { action, reason },
            Self::Closed(ServerClose { code, text, .. }) => match code {
                403 => TransportErrorKind::AccessRefused { action, text },
                404 => TransportErrorKind::NotFound { action, text },
                // 541 internal error, 506 resource error: a queue whose leader is down, a node that stops.
                541 | 506 | 320 => TransportErrorKind::Interrupted { action, reason: text },
                code => TransportErrorKind::Refused { action, code, text },
            },
        }
    }
}

/// Whether only a person can change what stands in the way.
pub(super) fn is_final(kind: &TransportErrorKind) -> bool {
    !matches!(kind, TransportErrorKind::Unreachable { .. } | TransportErrorKind::Interrupted { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn codes_become_kinds() {
        let kind = |code| {
            let close = ServerClose { code, text: "why".to_owned(), method: (50, 10) };
            Trouble::Closed(close).into_kind("declare the queue `q`")
        };
        assert!(matches!(kind(403), TransportErrorKind::AccessRefused { .. }));
        assert!(matches!(kind(404), TransportErrorKind::NotFound { .. }));
        assert!(matches!(kind(405), TransportErrorKind::Refused { code: 405, .. }));
        assert!(kind(541).is_retryable());
        assert!(Trouble::Lost("gone".to_owned()).into_kind("x").is_retryable());
    }
}
