use std::sync::Arc;

use super::{Facts, KeptEnvelope, Names};
use crate::headers::Text;

/// What the names of all exchanges and queues of the broker's delay begin with (design §5).
pub(crate) const DELAY_PREFIX: &str = "leveret.delay.v1.";

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

    /// Whether it has waited in the broker: then it names the exchange to which its last level gave it. It is due,
    /// whatever its DeferredTime says: the sender's clock may be ahead of ours.
    pub(crate) fn has_waited(&self) -> bool {
        self.exchange.starts_with(DELAY_PREFIX)
    }

    /// What it is addressed to: its routing key, or its queue where the key was the way through the delay.
    pub(crate) fn address(&self) -> &str {
        if self.has_waited() { &self.queue } else { &self.routing_key }
    }

    /// What its headers and properties say.
    pub fn facts<'a>(&'a self, names: &'a Names) -> Facts<'a> {
        Facts::new(self, names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Envelope;

    #[test]
    fn what_has_waited_is_addressed_to_its_queue_whatever_the_unit_of_the_delay() {
        for (exchange, address) in [
            ("leveret.delay.v1.16.delivery", "billing"),
            ("leveret.delay.v1.1000.delivery", "billing"),
            ("leveret.delay.v1.16.3", "billing"),
            ("leveret.undeliverable", "1.0.billing"),
            ("PikaBusDirect", "1.0.billing"),
            ("", "1.0.billing"),
        ] {
            let received = Received::new(Envelope::default(), exchange, "1.0.billing", "billing");
            assert_eq!(received.address(), address, "{exchange}");
        }
    }
}
