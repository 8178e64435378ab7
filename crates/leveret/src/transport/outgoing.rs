use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::{envelope::Envelope, headers::Text};

/// A message on its way to the broker. Clones share the envelope.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outgoing {
    /// Where it is published; empty for the default exchange, which reaches a queue by its name.
    pub exchange: Text,
    /// The key it is published with.
    pub routing_key: Text,
    /// Whether a message that no queue gets is an error.
    pub mandatory: bool,
    /// The message.
    pub envelope: Arc<Envelope>,
    /// Not before this has passed may the queue `routing_key` get it.
    pub delay: Option<Duration>,
    /// It was delivered here and travels on, with what is known of it by now: its header may take the room that its
    /// sender had to leave for that.
    pub travels_on: bool,
    /// When to give up.
    pub deadline: Instant,
}

impl Outgoing {
    /// A mandatory message without delay.
    pub fn new(
        exchange: impl Into<Text>,
        routing_key: impl Into<Text>,
        envelope: impl Into<Arc<Envelope>>,
        deadline: Instant,
    ) -> Self {
        Self {
            exchange: exchange.into(),
            routing_key: routing_key.into(),
            mandatory: true,
            envelope: envelope.into(),
            delay: None,
            travels_on: false,
            deadline,
        }
    }
}
