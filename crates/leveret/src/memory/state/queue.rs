use std::{collections::VecDeque, sync::Arc};

use tokio::time::Instant;

use super::{ClientId, ConsumerId, Tag, delivered::Delivered, rules::Rules};
use crate::{
    envelope::Envelope,
    headers::{Headers, Text},
    numbered::Numbered,
};

/// A message, and how it was published.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) envelope: Arc<Envelope>,
    pub(super) exchange: Text,
    pub(super) routing_key: Text,
}

/// A message in a queue.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) message: Message,
    /// Its place, which it keeps when it comes back; larger behind smaller.
    pub(super) position: u64,
    pub(super) expires: Option<Instant>,
    redelivered: bool,
    /// How often its delivery was lost; only quorum queues count.
    lost: u64,
}

impl Stored {
    pub(super) fn new(message: Message, position: u64, expires: Option<Instant>) -> Self {
        Self { message, position, expires, redelivered: false, lost: 0 }
    }
}

/// Who has an unsettled delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Consumer(ConsumerId),
    /// A client that pulled it.
    Client(ClientId),
}

/// A delivery that is not settled.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) owner: Owner,
    pub(super) stored: Stored,
}

/// A queue: what is ready in the order of positions, and what is taken and not settled.
///
/// It has no limit but its `x-max-length`: holding messages is what a queue is for.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) arguments: Headers,
    pub(super) rules: Rules,
    ready: VecDeque<Stored>,
    taken: Numbered<Tag, Taken>,
}

impl Queue {
    pub(super) fn new(arguments: Headers, rules: Rules) -> Self {
        Self { arguments, rules, ready: VecDeque::new(), taken: Numbered::default() }
    }

    /// How many messages are ready.
    pub(super) fn depth(&self) -> usize {
        self.ready.len()
    }

    /// Whether it must refuse what is published now.
    pub(super) fn refuses(&self) -> bool {
        let full = self.rules.max_length.is_some_and(|max| self.depth() as u64 >= max);
        full && self.rules.reject_publish
    }

    /// The oldest message, if there are more than there may be.
    pub(super) fn drop_head(&mut self) -> Option<Stored> {
        let over = self.rules.max_length.is_some_and(|max| self.depth() as u64 > max);
        if over && !self.rules.reject_publish { self.ready.pop_front() } else { None }
    }

    /// When which of the ready messages expire.
    pub(super) fn expiring(&self) -> impl Iterator<Item = (Instant, u64)> {
        self.ready.iter().filter_map(|stored| Some((stored.expires?, stored.position)))
    }

    pub(super) fn insert(&mut self, stored: Stored) {
        // What is new comes last, and what comes back belongs to the front.
        let at = self.ready.partition_point(|other| other.position < stored.position);
        self.ready.insert(at, stored);
    }

    /// Removes a message that is ready.
    pub(super) fn remove(&mut self, position: u64) -> Option<Stored> {
        let at = self.ready.binary_search_by_key(&position, |stored| stored.position).ok()?;
        self.ready.remove(at)
    }

    /// Hands out the first message.
    pub(super) fn take(&mut self, tag: Tag, owner: Owner) -> Option<&Stored> {
        let stored = self.ready.pop_front()?;
        Some(&self.taken.entry(tag).insert_entry(Taken { owner, stored }).into_mut().stored)
    }

    /// What a consumer gets of a delivery.
    pub(super) fn delivered(&self, tag: Tag) -> Option<Delivered> {
        let Stored { message, redelivered, lost, .. } = &self.taken.get(&tag)?.stored;
        Some(Delivered { tag, message: message.clone(), redelivered: *redelivered, lost: *lost })
    }

    /// Ends a delivery.
    pub(super) fn settle(&mut self, tag: Tag) -> Option<Taken> {
        self.taken.remove(&tag)
    }

    /// Ends the deliveries of one owner, in the order of positions.
    pub(super) fn settle_all(&mut self, owner: Owner) -> Vec<Stored> {
        let taken = self.taken.extract_if(|_, taken| taken.owner == owner);
        let mut stored: Vec<_> = taken.map(|(_, taken)| taken.stored).collect();
        stored.sort_by_key(|stored| stored.position);
        stored
    }

    /// Marks a message that comes back, and tells whether it may: not when it was lost too often.
    ///
    /// A consumer that went away counts against the message, one that returned it does not: as RabbitMQ 4.3 has it.
    pub(super) fn may_come_back(&self, stored: &mut Stored, was_lost: bool) -> bool {
        stored.redelivered = true;
        stored.lost += u64::from(was_lost && self.rules.quorum);
        self.rules.delivery_limit.is_none_or(|limit| stored.lost <= limit)
    }
}
