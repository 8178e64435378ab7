use std::time::Duration;

use super::{Binding, Exchange, ExchangeKind, Queue, QueueOptions, Topology};
use crate::headers::{Headers, Text, Value};

/// The two exchanges of a fleet.
#[derive(Debug, Clone)]
pub(crate) struct ExchangeNames {
    /// Commands and replies, key = queue.
    pub(crate) direct: Text,
    /// Events, key = topic.
    pub(crate) topic: Text,
}

impl Default for ExchangeNames {
    fn default() -> Self {
        Self { direct: Text::literal("PikaBusDirect"), topic: Text::literal("PikaBusTopic") }
    }
}

/// What every bus needs before it sends.
pub(crate) fn exchanges(names: &ExchangeNames) -> Topology {
    Topology {
        exchanges: vec![
            Exchange::new(&*names.direct, ExchangeKind::Direct),
            Exchange::new(&*names.topic, ExchangeKind::Topic),
        ],
        ..Topology::default()
    }
}

/// The queue of failed messages. Declared before the endpoints that dead-letter into it.
pub(crate) fn error_queue(name: &str, options: &QueueOptions) -> Topology {
    let queue = Queue { adopt: options.adopts(), ..Queue::new(name, options.error_arguments()) };
    Topology { queues: vec![queue], ..Topology::default() }
}

/// The queue of an endpoint, bound by its own name and by each pattern that it subscribes to.
pub(crate) fn endpoint<'a>(
    name: &str,
    options: &QueueOptions,
    error_queue: &str,
    exchanges: &ExchangeNames,
    patterns: impl IntoIterator<Item = &'a str>,
) -> Topology {
    let queue =
        Queue { adopt: options.adopts(), ..Queue::new(name, options.endpoint_arguments(error_queue)) };
    let mut topology = Topology { queues: vec![queue], ..Topology::default() };
    topology.bind(&Binding::new(&*exchanges.direct, name, name));
    for pattern in patterns {
        topology.bind(&Binding::new(&*exchanges.topic, name, pattern));
    }
    topology
}

/// The queue on which one bus awaits the replies to its requests (design §2).
///
/// Durable and not exclusive, because PikaBus binds it to the direct exchange before it replies, and RabbitMQ 4.3
/// refuses transient queues. The broker deletes it when nobody has used it for `expires`.
pub(crate) fn reply_queue(name: &str, expires: Duration, exchanges: &ExchangeNames) -> Topology {
    // RabbitMQ takes 32 bits, 49 days; while the bus consumes from it the queue does not expire at all.
    let expires = u32::try_from(expires.as_millis()).unwrap_or(u32::MAX);
    let arguments = Headers::from_iter([("x-expires", Value::I64(expires.into()))]);
    let mut topology = Topology { queues: vec![Queue::new(name, arguments)], ..Topology::default() };
    topology.bind(&Binding::new(&*exchanges.direct, name, name));
    topology
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frozen_arguments() {
        let plan =
            endpoint("billing", &QueueOptions::quorum(), "error", &ExchangeNames::default(), ["orders.*"]);
        let expected = Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-delivery-limit", Value::I64(20)),
            ("x-dead-letter-exchange", "".into()),
            ("x-dead-letter-routing-key", "error".into()),
            ("x-dead-letter-strategy", "at-least-once".into()),
            ("x-overflow", "reject-publish".into()),
        ]);
        assert_eq!(plan.queues, [Queue::new("billing", expected)]);
        assert_eq!(
            plan.bindings,
            [
                Binding::new("PikaBusDirect", "billing", "billing"),
                Binding::new("PikaBusTopic", "billing", "orders.*")
            ]
        );
    }

    #[test]
    fn plain_queues_and_the_error_queue_have_no_arguments() {
        let exchanges = ExchangeNames::default();
        assert!(
            endpoint("shop", &QueueOptions::plain(), "error", &exchanges, []).queues[0].arguments.is_empty()
        );
        assert!(error_queue("error", &QueueOptions::plain()).queues[0].arguments.is_empty());
        let quorum = error_queue("error", &QueueOptions::quorum());
        assert_eq!(quorum.queues[0].arguments.get("x-delivery-limit"), Some(&Value::I64(1_000_000)));
        assert_eq!(quorum.queues[0].arguments.get("x-dead-letter-exchange"), None);
    }

    #[test]
    fn merging_twice_changes_nothing() {
        let plan = endpoint("shop", &QueueOptions::plain(), "error", &ExchangeNames::default(), ["a", "a"]);
        let mut merged = plan.clone();
        merged.merge(&plan);
        assert_eq!(merged, plan);
        merged.forget_queue("shop");
        assert_eq!(merged, Topology::default());
    }
}
