use super::{Binding, Exchange, ExchangeKind, InvalidName, Queue, QueueOptions, Topology, check_name};
use crate::headers::Text;

/// How the exchanges and queues of a fleet are called and declared.
///
/// What a bus declares follows from it, from the name of its endpoint and from the patterns of its handlers:
///
/// ```
/// use leveret::topology::{Binding, Layout};
///
/// let plan = Layout::default().endpoint("billing", ["orders.*"]);
/// assert_eq!(plan.queues[0].name, "error");
/// assert_eq!(plan.queues[1].name, "billing");
/// assert_eq!(plan.bindings[1], Binding::new("PikaBusTopic", "billing", "orders.*"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    pub(crate) exchanges: ExchangeNames,
    pub(crate) queue: QueueOptions,
    pub(crate) error_queue: QueueOptions,
    pub(crate) error_queue_name: String,
}

/// The two exchanges of a fleet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExchangeNames {
    /// Commands and replies, key = queue.
    pub(crate) direct: Text,
    /// Events, key = topic.
    pub(crate) topic: Text,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            exchanges: ExchangeNames {
                direct: Text::literal("PikaBusDirect"),
                topic: Text::literal("PikaBusTopic"),
            },
            queue: QueueOptions::quorum(),
            error_queue: QueueOptions::plain(),
            error_queue_name: "error".to_owned(),
        }
    }
}

impl Layout {
    /// How the queues of endpoints are declared: quorum unless said otherwise.
    #[must_use]
    pub fn queue(mut self, options: QueueOptions) -> Self {
        self.queue = options;
        self
    }

    /// How the error queue is declared: plain, as PikaBus declares it, unless said otherwise.
    #[must_use]
    pub fn error_queue(mut self, options: QueueOptions) -> Self {
        self.error_queue = options;
        self
    }

    /// Where failed messages go: `error` unless said otherwise.
    #[must_use]
    pub fn error_queue_name(mut self, name: impl Into<String>) -> Self {
        self.error_queue_name = name.into();
        self
    }

    /// The exchange of commands and replies: `PikaBusDirect` unless said otherwise.
    #[must_use]
    pub fn direct_exchange(mut self, name: impl Into<String>) -> Self {
        self.exchanges.direct = name.into().into();
        self
    }

    /// The exchange of events: `PikaBusTopic` unless said otherwise.
    #[must_use]
    pub fn topic_exchange(mut self, name: impl Into<String>) -> Self {
        self.exchanges.topic = name.into().into();
        self
    }

    /// Checks the names that a bus would refuse to start with.
    ///
    /// # Errors
    /// When one of them is empty or longer than [`MAX_NAME`](super::MAX_NAME).
    pub fn check(&self) -> Result<(), InvalidName> {
        check_name("name of the direct exchange", &self.exchanges.direct)?;
        check_name("name of the topic exchange", &self.exchanges.topic)?;
        check_name("name of the error queue", &self.error_queue_name)
    }

    /// What the bus of an endpoint declares when it starts, in this order: the exchanges; the error queue, which the
    /// queue of the endpoint dead-letters into; that queue, bound by its own name and by each pattern.
    ///
    /// Not in it is what a bus declares on first use: its queue of replies by the first request, the levels of the delay
    /// by the first message that waits.
    pub fn endpoint<'a>(&self, name: &str, patterns: impl IntoIterator<Item = &'a str>) -> Topology {
        let mut all = self.both_exchanges();
        all.merge(&self.queue_of_failures());
        all.merge(&self.queue_of(name, patterns));
        all
    }

    /// What every bus declares.
    pub(crate) fn both_exchanges(&self) -> Topology {
        Topology {
            exchanges: vec![
                Exchange::new(&*self.exchanges.direct, ExchangeKind::Direct),
                Exchange::new(&*self.exchanges.topic, ExchangeKind::Topic),
            ],
            ..Topology::default()
        }
    }

    /// The error queue alone.
    pub(crate) fn queue_of_failures(&self) -> Topology {
        let arguments = self.error_queue.error_arguments();
        let queue =
            Queue { adopt: self.error_queue.adopts(), ..Queue::new(&self.error_queue_name, arguments) };
        Topology { queues: vec![queue], ..Topology::default() }
    }

    /// The queue of an endpoint alone, with its bindings.
    pub(crate) fn queue_of<'a>(&self, name: &str, patterns: impl IntoIterator<Item = &'a str>) -> Topology {
        let arguments = self.queue.endpoint_arguments(&self.error_queue_name);
        let queue = Queue { adopt: self.queue.adopts(), ..Queue::new(name, arguments) };
        let mut topology = Topology { queues: vec![queue], ..Topology::default() };
        topology.bind(&Binding::new(&*self.exchanges.direct, name, name));
        for pattern in patterns {
            topology.bind(&Binding::new(&*self.exchanges.topic, name, pattern));
        }
        topology
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::headers::{Headers, Value};

    #[test]
    fn the_frozen_arguments() {
        let plan = Layout::default().queue_of("billing", ["orders.*"]);
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
        let plain = Layout::default().queue(QueueOptions::plain());
        assert!(plain.queue_of("shop", []).queues[0].arguments.is_empty());
        assert!(plain.queue_of_failures().queues[0].arguments.is_empty());
        let quorum = plain.error_queue(QueueOptions::quorum()).queue_of_failures();
        assert_eq!(quorum.queues[0].arguments.get("x-delivery-limit"), Some(&Value::I64(1_000_000)));
        assert_eq!(quorum.queues[0].arguments.get("x-dead-letter-exchange"), None);
    }

    #[test]
    fn names_of_another_fleet() {
        let layout = Layout::default().direct_exchange("d").topic_exchange("t").error_queue_name("dead");
        assert_eq!(layout.check(), Ok(()));
        let plan = layout.endpoint("shop", ["a", "a"]);
        let exchanges: Vec<_> = plan.exchanges.iter().map(|exchange| &*exchange.name).collect();
        assert_eq!(exchanges, ["d", "t"]);
        let queues: Vec<_> = plan.queues.iter().map(|queue| &*queue.name).collect();
        assert_eq!(queues, ["dead", "shop"]);
        assert_eq!(plan.queues[1].arguments.get("x-dead-letter-routing-key"), Some(&"dead".into()));
        assert_eq!(plan.bindings, [Binding::new("d", "shop", "shop"), Binding::new("t", "shop", "a")]);
        assert!(layout.topic_exchange("").check().is_err());
    }

    #[test]
    fn merging_twice_changes_nothing() {
        let plan = Layout::default().queue(QueueOptions::plain()).queue_of("shop", ["a", "a"]);
        let mut merged = plan.clone();
        merged.merge(&plan);
        assert_eq!(merged, plan);
        merged.forget_queue("shop");
        assert_eq!(merged, Topology::default());
    }
}
