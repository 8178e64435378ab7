use crate::management::{Queue, Snapshot};

/// What is examined.
pub(super) struct Subject<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) error_queue: &'a str,
    pub(super) direct: &'a str,
    pub(super) topic: &'a str,
}

impl Subject<'_> {
    pub(super) fn queue(&self, name: &str) -> Option<&Queue> {
        self.snapshot.queues.iter().find(|queue| queue.name == name)
    }

    pub(super) fn has_exchange(&self, name: &str) -> bool {
        self.snapshot.exchanges.iter().any(|exchange| exchange.name == name)
    }

    /// Whether an exchange leads to a queue by a key.
    pub(super) fn is_bound(&self, exchange: &str, queue: &str, key: &str) -> bool {
        self.snapshot.bindings.iter().any(|binding| {
            binding.source == exchange
                && binding.destination == queue
                && binding.destination_type == "queue"
                && binding.routing_key == key
        })
    }

    /// Whether an exchange leads to a queue or an exchange, by whatever key.
    pub(super) fn leads_to(&self, exchange: &str, destination: &str) -> bool {
        self.snapshot
            .bindings
            .iter()
            .any(|binding| binding.source == exchange && binding.destination == destination)
    }

    /// Major and minor number of the broker's version.
    pub(super) fn version(&self) -> Option<(u32, u32)> {
        let mut numbers = self.snapshot.version.split(['.', '-', '+']).map(|number| number.parse().ok());
        Some((numbers.next()??, numbers.next()??))
    }

    /// Whether a queue belongs to an endpoint: it dead-letters into the error queue, or gets commands or events.
    pub(super) fn is_endpoint(&self, queue: &Queue) -> bool {
        let dead_letters = queue.setting("dead-letter-exchange") == Some("")
            && queue.setting("dead-letter-routing-key") == Some(self.error_queue);
        queue.name != self.error_queue
            && !queue.name.starts_with("leveret.delay.")
            && (dead_letters
                || self.leads_to(self.direct, &queue.name)
                || self.leads_to(self.topic, &queue.name))
    }

    /// The queue on which one instance of a service awaits replies: nobody consumes it once that has ended.
    pub(super) fn awaits_replies(queue: &Queue) -> bool {
        queue.name.contains(".replies.")
    }
}
