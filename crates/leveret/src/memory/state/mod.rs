//! What a broker knows and decides, without a clock, a lock or a task: time is an argument, and whoever has to wait
//! is woken through its [`Notify`](tokio::sync::Notify).

mod dead_letter;
mod declare;
mod deliver;
mod delivered;
mod exchange;
mod publish;
mod queue;
mod rules;
mod subscribers;
mod timers;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use tokio::time::Instant;

pub(super) use self::deliver::Next;
pub(super) use self::delivered::Delivered;
use self::{
    dead_letter::Reason,
    exchange::Exchange,
    queue::{Owner, Queue},
    subscribers::Subscribers,
    timers::{Timer, Timers},
};
use crate::{numbered::Numbered, topology::Topology, transport::TransportErrorKind};

/// The epoch of every connection in process: it is never lost, so there is only the first.
pub(super) const EPOCH: u64 = 1;

/// A connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClientId(u64);

/// A consumer of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ConsumerId(u64);

/// One delivery of a message; the next delivery of the same message has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Tag(u64);

/// A broker.
#[derive(Debug, Default)]
pub(super) struct State {
    exchanges: BTreeMap<String, Exchange>,
    /// In order of their names, so that what happens to several happens in the same order each time.
    queues: BTreeMap<Arc<str>, Queue>,
    subscribers: Subscribers,
    timers: Timers,
    /// The open clients, and what each declared: it is declared again when a queue is deleted under its consumers.
    clients: Numbered<ClientId, Topology>,
    /// Where ids, tags and positions in queues come from.
    last_id: u64,
}

impl State {
    pub(super) fn connect(&mut self) -> ClientId {
        let client = ClientId(self.fresh());
        self.clients.insert(client, Topology::default());
        client
    }

    /// Ends a client with its consumers, and returns what it has not settled. Nothing happens the second time.
    pub(super) fn close(&mut self, client: ClientId, now: Instant) {
        if self.clients.remove(&client).is_none() {
            return;
        }
        let consumers = self.subscribers.of_client(client);
        // All first, or what one returns would go to another that is about to end.
        for consumer in &consumers {
            self.cancel(*consumer);
        }
        for consumer in consumers {
            self.drop_consumer(consumer, now);
        }
        self.give_back_all(Owner::Client(client), now);
    }

    /// The queues that a client is delivered from, or `None` once it is closed.
    pub(super) fn consuming(&self, client: ClientId) -> Option<Vec<String>> {
        self.clients.contains_key(&client).then(|| {
            let queues = self.subscribers.consuming(client);
            queues.filter(|queue| self.queues.contains_key(*queue)).map(str::to_owned).collect()
        })
    }

    /// Does what is due: lets delayed messages arrive, and messages expire.
    pub(super) fn advance(&mut self, now: Instant) {
        while let Some((position, timer)) = self.timers.pop_due(now) {
            match timer {
                Timer::Arrive { queue, message } => self.arrive(&queue, message, now),
                Timer::Expire { queue } => {
                    let expired = self.queues.get_mut(&queue).and_then(|queue| queue.remove(position));
                    if let Some(stored) = expired {
                        self.dead_letter(&queue, stored, Reason::Expired, now);
                    }
                }
            }
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.clients.is_empty() && self.queues.is_empty() && self.exchanges.is_empty()
    }

    fn check_open(&self, client: ClientId) -> Result<(), TransportErrorKind> {
        if self.clients.contains_key(&client) { Ok(()) } else { Err(TransportErrorKind::Closed) }
    }

    fn fresh(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Sets a timer. Waiting consumers sleep until the earliest, so an earlier one wakes them to look again.
    fn set_timer(&mut self, at: Instant, position: u64, timer: Timer) {
        if self.timers.set(at, position, timer) {
            self.subscribers.wake_all();
        }
    }
}
