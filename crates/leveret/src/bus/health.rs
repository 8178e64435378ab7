use super::Bus;
use crate::{
    telemetry::Counts,
    transport::{ConnectionState, Unconfirmed},
};

/// How a bus stands at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// Both connections are up.
    pub connected: bool,
    /// The broker takes nothing: it confirms no publish, because of a memory or disk alarm, or hangs.
    pub blocked: bool,
    /// The broker delivers from the endpoint's queue to this process. Never true without an endpoint, or when paused.
    pub consuming: bool,
    /// The connection that publishes.
    pub publishing_connection: ConnectionState,
    /// The connection that consumes.
    pub consuming_connection: ConnectionState,
    /// What is sent and not confirmed.
    pub unconfirmed: Unconfirmed,
    /// Why a connection was last lost, if one was.
    pub last_error: Option<String>,
    has_endpoint: bool,
}

impl Health {
    /// Whether the bus does all that it is there for: for a probe.
    pub fn is_healthy(&self) -> bool {
        self.connected && !self.blocked && (self.consuming || !self.has_endpoint)
    }
}

impl Bus {
    /// How the bus stands at this moment. Asks nobody: it tells what the bus knows.
    pub fn health(&self) -> Health {
        let status = self.core.transport.status();
        let queue = self.core.endpoint.as_ref().map(|endpoint| endpoint.queue.as_str());
        Health {
            connected: status.publishing.is_connected() && status.consuming.is_connected(),
            blocked: matches!(status.publishing, ConnectionState::Stalled { .. }),
            consuming: queue.is_some_and(|queue| status.consumers.iter().any(|consumer| consumer == queue)),
            publishing_connection: status.publishing,
            consuming_connection: status.consuming,
            unconfirmed: status.unconfirmed,
            last_error: status.last_error,
            has_endpoint: queue.is_some(),
        }
    }

    /// How often what has happened since the start.
    pub fn counts(&self) -> Counts {
        self.core.services.counters.read()
    }
}
