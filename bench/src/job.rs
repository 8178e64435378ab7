use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{contestant::Name, scenario::Scenario};

/// How endpoints' queues are declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum QueueKind {
    Quorum,
    Classic,
}

impl QueueKind {
    pub(crate) const ALL: [Self; 2] = [Self::Quorum, Self::Classic];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Quorum => "quorum",
            Self::Classic => "classic",
        }
    }

    pub(crate) fn options(self) -> leveret::QueueOptions {
        match self {
            Self::Quorum => leveret::QueueOptions::quorum(),
            Self::Classic => leveret::QueueOptions::plain(),
        }
    }
}

/// One run of one contestant: what its process is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) contestant: Name,
    pub(crate) scenario: Scenario,
    pub(crate) queue: QueueKind,
    pub(crate) port: u16,
    /// A virtual host in which nobody else is.
    pub(crate) vhost: String,
    pub(crate) messages: u64,
    /// How long the run may take.
    pub(crate) limit: Duration,
}

impl Job {
    pub(crate) fn url(&self) -> String {
        match self.contestant {
            Name::LeveretMemory => "memory://bench".to_owned(),
            _ => self.broker_url(),
        }
    }

    /// The broker, also where the contestant does without.
    pub(crate) fn broker_url(&self) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/{}", self.port, self.vhost)
    }
}
