use std::{fmt, time::Duration};

use tokio::time::Instant;

use super::SendError;
use crate::{deadline, headers::Text, lazy::BoxFuture, transport::Outgoing};

/// Where finished messages leave: to the broker.
pub(crate) trait Sink: fmt::Debug + Send + Sync {
    /// Resolves once the broker has it. Its time starts with the call; it is handed over with the first poll.
    fn accept(&self, prepared: Prepared) -> BoxFuture<'_, Result<(), SendError>>;
}

/// A finished message. Its deadline counts from when it is handed to the broker, since a transaction may hold it for a
/// while; its delay counts from when it was made, as its DeferredTime says.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) outgoing: Outgoing,
    pub(crate) timeout: Duration,
    pub(crate) made: Instant,
    /// What the message is called in errors and logs: its id, and its type where it has one.
    pub(crate) message_id: Text,
    pub(crate) message_type: Option<Text>,
}

impl Prepared {
    /// The message, with its time starting now.
    pub(crate) fn depart(self) -> Outgoing {
        let rest = self.outgoing.delay.map(|delay| delay.saturating_sub(self.made.elapsed()));
        Outgoing {
            deadline: deadline::in_future(self.timeout),
            delay: rest.filter(|rest| !rest.is_zero()),
            ..self.outgoing
        }
    }
}
