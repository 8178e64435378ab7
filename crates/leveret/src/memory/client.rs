use std::sync::Arc;

use super::{
    shared::Shared,
    state::{ClientId, Tag},
};
use crate::transport::{Settle, Settlement};

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

/// Settles one delivery. A delivery that went back meanwhile has another tag, so a late settlement changes nothing.
#[derive(Debug)]
pub(super) struct MemorySettle {
    pub(super) broker: Arc<Shared>,
    pub(super) queue: Arc<str>,
    pub(super) tag: Tag,
}

impl Settle for MemorySettle {
    fn settle(self: Box<Self>, settlement: Settlement) {
        self.broker.with(|state, now| state.settle(&self.queue, self.tag, settlement, now));
    }
}
