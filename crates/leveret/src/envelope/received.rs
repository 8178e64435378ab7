use std::sync::Arc;

use super::{Facts, KeptEnvelope, Names};
use crate::headers::Text;

/// A message as it came out of a queue.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received {
    /// The message.
    pub envelope: KeptEnvelope,
    /// The exchange it was published to; empty for the default exchange.
    pub exchange: Text,
    /// The routing key it was published with.
    pub routing_key: Text,
    /// The queue it came from.
    pub queue: Arc<str>,
    /// The broker delivered it before, to this process or another.
    pub redelivered: bool,
    /// The connection it came by: grows with each, so that deliveries of a lost one can be told apart.
    pub epoch: u64,
}

impl Received {
    /// A message that came out of `queue` for the first time.
    pub fn new(
        envelope: impl Into<KeptEnvelope>,
        exchange: impl Into<Text>,
        routing_key: impl Into<Text>,
        queue: impl Into<Arc<str>>,
    ) -> Self {
        Self {
            envelope: envelope.into(),
            exchange: exchange.into(),
            routing_key: routing_key.into(),
            queue: queue.into(),
            redelivered: false,
            epoch: 0,
        }
    }

    /// What its headers and properties say.
    pub fn facts<'a>(&'a self, names: &'a Names) -> Facts<'a> {
        Facts::new(self, names)
    }
}
