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

impl ServerClose {
    /// Whether it comes right by itself, like a lost connection: the node stops (320), or a queue is declared whose
    /// leader (541 internal error, 506 resource error), node or process (404) is just not there. Only its words tell
    /// such a 404 from that of a queue that nobody has declared.
    pub(super) fn is_passing(&self) -> bool {
        const DOWN: [&str; 5] = [
            "down or inaccessible",
            "due to timeout",
            "stopped by supervisor",
            "failed to restart",
            "stopping or being demoted",
        ];
        match self.code {
            541 | 506 | 320 => true,
            404 => DOWN.iter().any(|words| self.text.ends_with(words)),
            _ => false,
        }
    }
}

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
            Self::Closed(close) if close.is_passing() => {
                TransportErrorKind::Interrupted { action, reason: close.text }
            }
            Self::Closed(ServerClose { code, text, .. }) => match code {
                403 => TransportErrorKind::AccessRefused { action, text },
                404 => TransportErrorKind::NotFound { action, text },
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

    fn kind_of(code: u16, text: &str) -> TransportErrorKind {
        let close = ServerClose { code, text: text.to_owned(), method: (50, 10) };
        Trouble::Closed(close).into_kind("declare the queue `q`")
    }

    #[test]
    fn codes_become_kinds() {
        let kind = |code| kind_of(code, "why");
        assert!(matches!(kind(403), TransportErrorKind::AccessRefused { .. }));
        assert!(matches!(kind(404), TransportErrorKind::NotFound { .. }));
        assert!(matches!(kind(405), TransportErrorKind::Refused { code: 405, .. }));
        assert!(kind(541).is_retryable());
        assert!(Trouble::Lost("gone".to_owned()).into_kind("x").is_retryable());
    }

    #[test]
    fn a_queue_that_is_down_comes_back() {
        let texts = [
            ("NOT_FOUND - no queue 'q' in vhost '/'", false),
            ("NOT_FOUND - no queue 'down or inaccessible' in vhost '/'", false),
            (
                "NOT_FOUND - home node 'rabbit@a' of durable queue 'q' in vhost '/' is down or inaccessible",
                true,
            ),
            ("NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout", true),
            ("NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor", true),
            ("NOT_FOUND - queue 'q' in vhost '/' has crashed and failed to restart", true),
            (
                "NOT_FOUND - failed to perform operation on queue 'q' in vhost '/': its master replica <0.1.0> may be \
                 stopping or being demoted",
                true,
            ),
        ];
        for (text, retryable) in texts {
            assert_eq!(kind_of(404, text).is_retryable(), retryable, "{text}");
        }
    }
}
