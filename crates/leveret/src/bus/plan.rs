use super::BusBuilder;
use crate::topology::{Queue, Topology};

/// What a bus declares.
#[derive(Debug)]
pub(super) struct Plan {
    /// Everything, in order.
    pub(super) all: Topology,
    /// The error queue alone, to declare it again when it is gone.
    pub(super) error_queue: Topology,
    /// Whether the endpoint's queue moves what is rejected into the error queue by itself.
    pub(super) queue_dead_letters: bool,
    /// Whether it counts by itself how often it takes a message back, and gives up at last.
    pub(super) queue_counts_returns: bool,
}

/// Exchanges for every bus; for one with an endpoint also the error queue, which its own queue dead-letters into.
pub(super) fn plan(builder: &BusBuilder) -> Plan {
    let layout = &builder.layout;
    let mut all = layout.both_exchanges();
    let mut error_queue = Topology::default();
    let (mut queue_dead_letters, mut queue_counts_returns) = (false, false);
    if let Some(endpoint) = &builder.endpoint {
        let patterns = endpoint.routes().iter().filter_map(|route| route.topic);
        error_queue = layout.queue_of_failures();
        all = layout.endpoint(endpoint.name(), patterns);
        let own = |queue: &&Queue| queue.name == endpoint.name();
        if let Some(queue) = all.queues.iter().find(own) {
            queue_dead_letters = queue.arguments.get("x-dead-letter-exchange").is_some();
            // One that is adopted may be another than we would declare.
            queue_counts_returns = !queue.adopt && queue.arguments.get("x-delivery-limit").is_some();
        }
    }
    all.check_only = !builder.declare;
    error_queue.check_only = !builder.declare;
    Plan { all, error_queue, queue_dead_letters, queue_counts_returns }
}
