use leveret::{publish::SendErrorKind, transport::PublishErrorKind};

/// How the sending of one message ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    Ok,
    /// The broker may have it.
    Unknown,
    /// The broker cannot have it.
    NotSent,
    /// Refused for a reason that no fault of ours explains.
    Failed(String),
}

impl Ending {
    pub(super) fn of(result: Result<(), &SendErrorKind>) -> Self {
        match result {
            Ok(()) => Self::Ok,
            Err(SendErrorKind::Broker(PublishErrorKind::Unknown { .. })) => Self::Unknown,
            Err(SendErrorKind::Broker(PublishErrorKind::NotSent { .. })) => Self::NotSent,
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}
