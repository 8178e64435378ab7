use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use tokio::sync::Notify;

use super::{ClientId, ConsumerId, Tag};
use crate::numbered::Numbered;

/// A consumer of a queue. It stays one while the queue is deleted and declared again.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) client: ClientId,
    pub(super) queue: Arc<str>,
    pub(super) wake: Arc<Notify>,
    /// What is delivered and not handed out, at most `prefetch`.
    pub(super) inbox: VecDeque<Tag>,
    pub(super) cancelled: bool,
    /// How many deliveries are not settled, in the inbox or handed out.
    pub(super) unsettled: usize,
    prefetch: usize,
}

impl Subscriber {
    fn has_room(&self) -> bool {
        self.unsettled < self.prefetch
    }

    /// Puts a delivery into its inbox. Who has not looked at what came before needs no second call.
    pub(super) fn deliver(&mut self, tag: Tag) {
        self.unsettled += 1;
        if self.inbox.is_empty() {
            self.wake.notify_one();
        }
        self.inbox.push_back(tag);
    }
}

/// All consumers, and whose turn it is on each queue.
#[derive(Debug, Default)]
pub(super) struct Subscribers {
    by_id: Numbered<ConsumerId, Subscriber>,
    /// The consumers of each queue that are not cancelled; who was served goes to the end.
    turns: BTreeMap<Arc<str>, VecDeque<ConsumerId>>,
}

impl Subscribers {
    /// A prefetch of 0 is taken for 1: AMQP's "no limit" would be an inbox without bound.
    pub(super) fn add(
        &mut self,
        id: ConsumerId,
        client: ClientId,
        queue: &Arc<str>,
        prefetch: u16,
    ) -> Arc<Notify> {
        let wake = Arc::new(Notify::new());
        let subscriber = Subscriber {
            client,
            queue: Arc::clone(queue),
            wake: Arc::clone(&wake),
            inbox: VecDeque::new(),
            cancelled: false,
            unsettled: 0,
            prefetch: prefetch.max(1).into(),
        };
        self.by_id.insert(id, subscriber);
        self.turns.entry(Arc::clone(queue)).or_default().push_back(id);
        wake
    }

    pub(super) fn get(&mut self, id: ConsumerId) -> Option<&mut Subscriber> {
        self.by_id.get_mut(&id)
    }

    /// Serves it no more. What is in its inbox stays there.
    pub(super) fn cancel(&mut self, id: ConsumerId) {
        let Some(subscriber) = self.by_id.get_mut(&id) else { return };
        subscriber.cancelled = true;
        subscriber.wake.notify_one();
        if let Some(turns) = self.turns.get_mut(&subscriber.queue) {
            turns.retain(|other| *other != id);
            if turns.is_empty() {
                self.turns.remove(&subscriber.queue);
            }
        }
    }

    pub(super) fn remove(&mut self, id: ConsumerId) -> Option<Subscriber> {
        self.cancel(id);
        self.by_id.remove(&id)
    }

    /// The next consumer of a queue that has room, round robin; it counts as served.
    pub(super) fn serve(&mut self, queue: &str) -> Option<(ConsumerId, &mut Subscriber)> {
        let turns = self.turns.get_mut(queue)?;
        let by_id = &self.by_id;
        let at = turns.iter().position(|id| by_id.get(id).is_some_and(Subscriber::has_room))?;
        let id = turns.remove(at)?;
        turns.push_back(id);
        Some((id, self.by_id.get_mut(&id)?))
    }

    /// The clients that consume a queue. What they were delivered from it is gone with the queue.
    pub(super) fn queue_deleted(&mut self, queue: &str) -> Vec<ClientId> {
        let mut clients = Vec::new();
        for subscriber in self.by_id.values_mut().filter(|subscriber| *subscriber.queue == *queue) {
            subscriber.inbox.clear();
            subscriber.unsettled = 0;
            if !subscriber.cancelled {
                clients.push(subscriber.client);
            }
        }
        clients
    }

    pub(super) fn of_client(&self, client: ClientId) -> Vec<ConsumerId> {
        let mine = self.by_id.iter().filter(|(_, subscriber)| subscriber.client == client);
        mine.map(|(id, _)| *id).collect()
    }

    /// The queues that a client consumes.
    pub(super) fn consuming(&self, client: ClientId) -> impl Iterator<Item = &str> {
        let mine = self.by_id.values().filter(move |it| it.client == client && !it.cancelled);
        mine.map(|subscriber| &*subscriber.queue)
    }

    pub(super) fn wake_all(&self) {
        for subscriber in self.by_id.values() {
            subscriber.wake.notify_one();
        }
    }
}
