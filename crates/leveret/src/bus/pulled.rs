use std::{ops::Deref, sync::Arc};

use crate::{
    envelope::{AnyMessage, Names},
    transport::{Incoming, Settlement, Unsettled},
};

/// A message that [`Bus::get`](super::Bus::get) took out of a queue, and the right to settle it. Dropping it returns the
/// message to its queue.
#[derive(Debug)]
#[must_use = "dropping it returns the message to its queue: settle it with `ack`, `nack` or `reject`"]
pub struct Pulled {
    message: AnyMessage,
    unsettled: Unsettled,
}

impl Pulled {
    pub(super) fn new(incoming: Incoming, names: Arc<Names>) -> Self {
        let message = AnyMessage::new(Arc::new(incoming.received), names);
        Self { message, unsettled: incoming.unsettled }
    }

    /// The message.
    pub fn message(&self) -> &AnyMessage {
        &self.message
    }

    /// It is done: the broker forgets it. What it was is handed out.
    pub fn ack(self) -> AnyMessage {
        self.unsettled.settle(Settlement::Done);
        self.message
    }

    /// Back to the queue.
    pub fn nack(self) {
        self.unsettled.settle(Settlement::Return);
    }

    /// It cannot be handled: the queue dead-letters it, or drops it where it dead-letters nowhere.
    pub fn reject(self) {
        self.unsettled.settle(Settlement::Reject);
    }
}

impl Deref for Pulled {
    type Target = AnyMessage;

    fn deref(&self) -> &AnyMessage {
        &self.message
    }
}
