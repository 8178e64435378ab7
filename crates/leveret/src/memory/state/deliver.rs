use std::sync::Arc;

use tokio::{sync::Notify, time::Instant};

use super::{
    ClientId, ConsumerId, Delivered, State, Tag,
    dead_letter::Reason,
    declare::no_queue,
    queue::{Owner, Stored},
    timers::Timer,
};
use crate::transport::{Settlement, TransportErrorKind};

/// What a consumer gets when it asks for its next message.
#[derive(Debug)]
pub(crate) enum Next {
    Message(Delivered),
    /// Nothing, until it is woken or this time has come.
    Wait(Option<Instant>),
    /// Nothing ever again.
    End,
}

impl State {
    pub(crate) fn consume(
        &mut self,
        client: ClientId,
        queue: &str,
        prefetch: u16,
        now: Instant,
    ) -> Result<(ConsumerId, Arc<Notify>), TransportErrorKind> {
        self.check_open(client)?;
        let name = self.queue_name(queue).ok_or_else(|| no_queue("consume", queue))?;
        let consumer = ConsumerId(self.fresh());
        let wake = self.subscribers.add(consumer, client, &name, prefetch);
        self.pump(&name, now);
        Ok((consumer, wake))
    }

    pub(crate) fn next(&mut self, consumer: ConsumerId) -> Next {
        let Some(subscriber) = self.subscribers.get(consumer) else { return Next::End };
        while let Some(tag) = subscriber.inbox.pop_front() {
            let queue = self.queues.get(&subscriber.queue);
            if let Some(delivered) = queue.and_then(|queue| queue.delivered(tag)) {
                return Next::Message(delivered);
            }
        }
        if subscriber.cancelled { Next::End } else { Next::Wait(self.timers.next()) }
    }

    pub(crate) fn cancel(&mut self, consumer: ConsumerId) {
        self.subscribers.cancel(consumer);
    }

    /// Ends a consumer, and returns what it has not settled.
    pub(crate) fn drop_consumer(&mut self, consumer: ConsumerId, now: Instant) {
        if self.subscribers.remove(consumer).is_some() {
            self.give_back_all(Owner::Consumer(consumer), now);
        }
    }

    pub(crate) fn get(
        &mut self,
        client: ClientId,
        queue: &str,
    ) -> Result<Option<Delivered>, TransportErrorKind> {
        self.check_open(client)?;
        let name = self.queue_name(queue).ok_or_else(|| no_queue("get from", queue))?;
        let Some(tag) = self.take(&name, Owner::Client(client)) else { return Ok(None) };
        Ok(self.queues.get(&name).and_then(|queue| queue.delivered(tag)))
    }

    /// Ends a delivery. One that is already settled, or went back, or whose queue is gone, changes nothing.
    pub(crate) fn settle(&mut self, name: &Arc<str>, tag: Tag, settlement: Settlement, now: Instant) {
        let Some(taken) = self.queues.get_mut(name).and_then(|queue| queue.settle(tag)) else { return };
        if let Owner::Consumer(consumer) = taken.owner
            && let Some(subscriber) = self.subscribers.get(consumer)
        {
            subscriber.unsettled = subscriber.unsettled.saturating_sub(1);
        }
        match settlement {
            Settlement::Done => {}
            Settlement::Return => self.give_back(name, taken.stored, false, now),
            Settlement::Reject => self.dead_letter(name, taken.stored, Reason::Rejected, now),
        }
        self.pump(name, now);
    }

    /// Returns all that an owner, who went away, has not settled.
    pub(super) fn give_back_all(&mut self, owner: Owner, now: Instant) {
        let names: Vec<_> = self.queues.keys().cloned().collect();
        for name in names {
            let lost = self.queues.get_mut(&name).map(|queue| queue.settle_all(owner)).unwrap_or_default();
            if lost.is_empty() {
                continue;
            }
            for stored in lost {
                self.give_back(&name, stored, true, now);
            }
            // Only now, or the second would be delivered again before the first.
            self.pump(&name, now);
        }
    }

    fn give_back(&mut self, name: &Arc<str>, mut stored: Stored, was_lost: bool, now: Instant) {
        match self.queues.get(name).map(|queue| queue.may_come_back(&mut stored, was_lost)) {
            Some(true) if stored.expires.is_some_and(|expires| expires <= now) => {
                self.dead_letter(name, stored, Reason::Expired, now);
            }
            Some(true) => self.make_ready(name, stored),
            Some(false) => self.dead_letter(name, stored, Reason::DeliveryLimit, now),
            None => {}
        }
    }

    /// Puts a message at its place, where it expires when its time comes.
    pub(super) fn make_ready(&mut self, name: &Arc<str>, stored: Stored) {
        if let Some(expires) = stored.expires {
            self.set_timer(expires, stored.position, Timer::Expire { queue: Arc::clone(name) });
        }
        if let Some(queue) = self.queues.get_mut(name) {
            queue.insert(stored);
        }
    }

    /// Delivers what is ready to the consumers that have room, and drops what is too much.
    pub(super) fn pump(&mut self, name: &Arc<str>, now: Instant) {
        while self.queues.get(name).is_some_and(|queue| queue.depth() > 0)
            && let Some((consumer, _)) = self.subscribers.serve(name)
            && let Some(tag) = self.take(name, Owner::Consumer(consumer))
            && let Some(subscriber) = self.subscribers.get(consumer)
        {
            subscriber.deliver(tag);
        }
        while let Some(stored) = self.queues.get_mut(name).and_then(|queue| queue.drop_head()) {
            if let Some(expires) = stored.expires {
                self.timers.clear(expires, stored.position);
            }
            self.dead_letter(name, stored, Reason::MaxLength, now);
        }
    }

    fn take(&mut self, name: &str, owner: Owner) -> Option<Tag> {
        let tag = Tag(self.fresh());
        let stored = self.queues.get_mut(name)?.take(tag, owner)?;
        if let Some(expires) = stored.expires {
            self.timers.clear(expires, stored.position);
        }
        Some(tag)
    }

    pub(super) fn queue_name(&self, name: &str) -> Option<Arc<str>> {
        self.queues.get_key_value(name).map(|(name, _)| Arc::clone(name))
    }
}
