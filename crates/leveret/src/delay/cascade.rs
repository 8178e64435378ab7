use super::{DELIVERY_EXCHANGE, LEVELS, UNIT, delivery_pattern, level_name};
use crate::{
    headers::{Headers, Value},
    topology::{Binding, Exchange, ExchangeKind, Queue, Topology},
};

/// Where the delivery exchange sends what no queue waits for any more.
const UNDELIVERABLE: &str = "leveret.undeliverable";

/// Everything that delayed messages pass. It is shared by all services of a virtual host, so its names and arguments are
/// part of the wire (design §5).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cascade {
    /// Declared first.
    pub(crate) exchanges: Vec<DelayExchange>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) exchange_bindings: Vec<ExchangeBinding>,
}

/// A durable topic exchange.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DelayExchange {
    pub(crate) name: String,
    pub(crate) arguments: Headers,
}

/// An exchange that gets what another one routes by a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExchangeBinding {
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) key: String,
}

impl DelayExchange {
    /// The one by which messages leave the levels.
    pub(crate) fn delivery() -> Self {
        let alternate = Headers::from_iter([("alternate-exchange", UNDELIVERABLE)]);
        Self { name: DELIVERY_EXCHANGE.to_owned(), arguments: alternate }
    }
}

/// What gives a queue the messages that have waited for it.
pub(crate) fn delivery_binding(queue: &str) -> Binding {
    Binding::new(DELIVERY_EXCHANGE, queue, delivery_pattern(queue))
}

impl Cascade {
    /// The levels, and the delivery exchange behind them.
    pub(crate) fn new() -> Self {
        let delivery = DelayExchange::delivery();
        let plain = |name| DelayExchange { name, arguments: Headers::new() };
        let mut cascade = Self {
            exchanges: [delivery].into_iter().chain((0..LEVELS).map(level_name).map(plain)).collect(),
            queues: Vec::new(),
            bindings: Vec::new(),
            exchange_bindings: Vec::new(),
        };
        for level in 0..LEVELS {
            cascade.add(level);
        }
        cascade
    }

    fn add(&mut self, level: u32) {
        let name = level_name(level);
        let next = level.checked_sub(1).map_or_else(|| DELIVERY_EXCHANGE.to_owned(), level_name);
        let arguments = Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-message-ttl", Value::I64(i64::from(UNIT) << level)),
            ("x-dead-letter-exchange", next.as_str().into()),
            ("x-dead-letter-strategy", "at-least-once".into()),
            ("x-overflow", "reject-publish".into()),
        ]);
        self.queues.push(Queue::new(&name, arguments));
        self.bindings.push(Binding::new(&name, &name, digit_pattern(level, '1')));
        self.exchange_bindings.push(ExchangeBinding {
            key: digit_pattern(level, '0'),
            source: name,
            destination: next,
        });
    }
}

/// The keys with this digit at the place of a level.
fn digit_pattern(level: u32, digit: char) -> String {
    format!("{}{digit}.#", "*.".repeat((LEVELS - 1 - level) as usize))
}

/// What has to be there before a delayed message is written: a level may not wait for long with what the delivery
/// exchange cannot place, so there is a queue that takes it: always `error`, which all services share. It is declared
/// as PikaBus declares it, unless the bus has declared it otherwise.
pub(crate) fn undeliverable() -> Topology {
    let mut topology = Topology {
        exchanges: vec![Exchange::new(UNDELIVERABLE, ExchangeKind::Fanout)],
        queues: vec![Queue::new("error", Headers::new())],
        ..Topology::default()
    };
    topology.bind(&Binding::new(UNDELIVERABLE, "error", ""));
    topology
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, time::Duration};

    use proptest::prelude::*;

    use super::*;
    use crate::{
        delay::{delivery_pattern, entrance},
        topology::matches,
    };

    #[test]
    fn the_frozen_arguments_of_a_level() {
        let cascade = Cascade::new();
        let level = &cascade.queues[3];
        assert_eq!(level.name, "leveret.delay.v1.16.3");
        assert_eq!(level.arguments.get("x-message-ttl"), Some(&Value::I64(128)));
        assert_eq!(level.arguments.get("x-dead-letter-exchange"), Some(&"leveret.delay.v1.16.2".into()));
        assert_eq!(level.arguments.get("x-dead-letter-routing-key"), None, "the key stays as it is");
        assert_eq!(cascade.exchanges.len(), 32);
        assert_eq!(
            cascade.queues[0].arguments.get("x-dead-letter-exchange"),
            Some(&"leveret.delay.v1.16.delivery".into())
        );
    }

    /// Where a message goes from an exchange: queues, exchanges.
    fn routed<'a>(cascade: &'a Cascade, exchange: &str, key: &str) -> (Vec<&'a Queue>, Vec<&'a str>) {
        let bound = |binding: &&Binding| binding.exchange == exchange && matches(&binding.key, key);
        let names: Vec<_> = cascade.bindings.iter().filter(bound).map(|binding| &binding.queue).collect();
        let queues = cascade.queues.iter().filter(|queue| names.contains(&&queue.name)).collect();
        let further = |binding: &&ExchangeBinding| binding.source == exchange && matches(&binding.key, key);
        let exchanges = cascade.exchange_bindings.iter().filter(further).map(|to| &*to.destination).collect();
        (queues, exchanges)
    }

    proptest! {
        /// Follows a message by the bindings and dead-letter exchanges, as a broker does.
        #[test]
        fn a_message_waits_as_long_as_its_key_says(units in 1_u32..1 << 31, address in "[a-z01.]{1,20}") {
            let cascade = Cascade::new();
            let delay = Duration::from_millis(16) * units;
            let way = entrance(delay, &address).unwrap();
            let (mut at, mut waited) = (level_name(way.level), 0);
            let mut seen: HashMap<String, u32> = HashMap::new();
            while at != DELIVERY_EXCHANGE {
                prop_assert_eq!(*seen.entry(at.clone()).and_modify(|n| *n += 1).or_insert(1), 1, "in circles");
                at = match routed(&cascade, &at, &way.key) {
                    (queues, exchanges) if queues.is_empty() && exchanges.len() == 1 => exchanges[0].to_owned(),
                    (queues, exchanges) if queues.len() == 1 && exchanges.is_empty() => {
                        waited += queues[0].arguments.get("x-message-ttl").unwrap().as_integer().unwrap();
                        queues[0].arguments.get("x-dead-letter-exchange").unwrap().to_text().unwrap()
                    }
                    both => panic!("{both:?}"),
                };
            }
            prop_assert_eq!(u128::try_from(waited).unwrap(), delay.as_millis());
            prop_assert!(matches(&delivery_pattern(&address), &way.key));
        }
    }
}
