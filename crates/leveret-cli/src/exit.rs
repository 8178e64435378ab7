use std::{io, process::ExitCode};

use leveret::{admin::AdminError, contracts::SnapshotError, transport::TransportError};

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Fine,
    /// Something was left, not found, or found to be wrong.
    Wanting,
}

impl Outcome {
    pub(crate) fn wanting_if(wanting: bool) -> Self {
        if wanting { Self::Wanting } else { Self::Fine }
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A sentence for whoever asked.
    Said(String),
    /// Nobody reads the output any more, as in `leveret error list | head`.
    Unread,
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Said(sentence)
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Said(format!("cannot write the output: {error}")),
        }
    }
}

/// 0 fine, 1 something was left or found, 2 it could not be done: as `--help` tells, and clap for mistakes.
pub(crate) fn code(outcome: Result<Outcome, Failure>) -> ExitCode {
    match outcome {
        Ok(Outcome::Fine) | Err(Failure::Unread) => ExitCode::SUCCESS,
        Ok(Outcome::Wanting) => ExitCode::from(1),
        Err(Failure::Said(sentence)) => {
            crate::out::complain(&sentence);
            ExitCode::from(2)
        }
    }
}
