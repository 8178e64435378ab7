use super::BusBuilder;
use crate::topology::{self, Topology};

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
    let BusBuilder { consuming, wire, .. } = builder;
    let mut all = topology::exchanges(&wire.exchanges);
    let mut error_queue = Topology::default();
    let (mut queue_dead_letters, mut queue_counts_returns) = (false, false);
    if let Some(endpoint) = &builder.endpoint {
        let error_name = &consuming.error_queue_name;
        error_queue = topology::error_queue(error_name, &consuming.error_queue);
        let patterns = endpoint.routes().iter().filter_map(|route| route.topic);
        let queue =
            topology::endpoint(endpoint.name(), &consuming.queue, error_name, &wire.exchanges, patterns);
        let dead_letters = |queue: &topology::Queue| queue.arguments.get("x-dead-letter-exchange").is_some();
        queue_dead_letters = queue.queues.iter().any(dead_letters);
        // One that is adopted may be another than we would declare.
        let counts =
            |queue: &topology::Queue| !queue.adopt && queue.arguments.get("x-delivery-limit").is_some();
        queue_counts_returns = queue.queues.iter().any(counts);
        all.merge(&error_queue);
        all.merge(&queue);
    }
    all.check_only = !builder.declare;
    error_queue.check_only = !builder.declare;
    Plan { all, error_queue, queue_dead_letters, queue_counts_returns }
}
