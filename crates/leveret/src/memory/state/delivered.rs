use std::sync::Arc;

use super::{EPOCH, Tag, queue::Message};
use crate::{envelope::Received, headers::Value};

/// A message that is handed out. It still shares everything with the broker, which is not kept from its work for longer
/// than that takes.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) tag: Tag,
    pub(super) message: Message,
    pub(super) redelivered: bool,
    /// How often its delivery was lost.
    pub(super) lost: u64,
}

impl Delivered {
    /// The message as it comes out of `queue`.
    pub(crate) fn received(self, queue: Arc<str>) -> Received {
        let Message { envelope, exchange, routing_key } = self.message;
        let mut received = Received::new(envelope, exchange, routing_key, queue);
        if self.lost > 0 {
            let lost = i64::try_from(self.lost).unwrap_or(i64::MAX);
            received.envelope.headers.insert("x-delivery-count", Value::I64(lost));
        }
        received.redelivered = self.redelivered;
        received.epoch = EPOCH;
        received
    }
}
