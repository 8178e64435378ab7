use std::sync::Arc;

use super::{
    shared::Shared,
    state::{ClientId, Delivered, Tag},
};
use crate::transport::{Incoming, Settle, Settlement};

/// One connection to the broker, held by its transport, its publishers and its consumers.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) broker: Arc<Shared>,
    pub(super) id: ClientId,
}

impl Client {
    pub(super) fn connect(broker: Arc<Shared>) -> Arc<Self> {
        let id = broker.with(|state, _| state.connect());
        Arc::new(Self { broker, id })
    }
}

/// A connection that nobody holds any more is closed, as the operating system closes a lost socket.
impl Drop for Client {
    fn drop(&mut self) {
        self.broker.with(|state, now| state.close(self.id, now));
    }
}

/// Where deliveries come from, and are settled.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) broker: Arc<Shared>,
    pub(super) queue: Arc<str>,
}

impl Source {
    /// The message, and the right to settle it.
    pub(super) fn incoming(self: &Arc<Self>, delivered: Delivered) -> Incoming {
        let settle = MemorySettle { source: Arc::clone(self), tag: delivered.tag };
        Incoming::new(delivered.received(Arc::clone(&self.queue)), Box::new(settle))
    }
}

/// Settles one delivery. A delivery that went back meanwhile has another tag, so a late settlement changes nothing.
#[derive(Debug)]
struct MemorySettle {
    source: Arc<Source>,
    tag: Tag,
}

impl Settle for MemorySettle {
    fn settle(self: Box<Self>, settlement: Settlement) {
        let Source { broker, queue } = &*self.source;
        broker.with(|state, now| state.settle(queue, self.tag, settlement, now));
    }
}
