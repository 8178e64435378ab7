use std::fmt;

use async_trait::async_trait;

use crate::envelope::Received;

/// What comes out of one queue.
#[async_trait]
pub trait Consumer: fmt::Debug + Send {
    /// The next message; `None` once the consumer is cancelled, or the transport closed, and everything that had
    /// arrived is handed out. It waits through lost connections. Cancel safe.
    async fn next(&mut self) -> Option<Incoming>;

    /// The next message if it is there by now: so a burst is taken without waiting for each. One that never has any is
    /// right, and slower.
    fn try_next(&mut self) -> Option<Incoming> {
        None
    }

    /// Asks the broker to send no more. What has arrived still comes by [`next`](Self::next), and can be settled.
    async fn cancel(&mut self);

    /// Gives up the consumer, once the settlements made so far are on their way. What is not settled goes back to the
    /// queue.
    async fn close(self: Box<Self>);
}

/// A message out of a queue, and the right to settle it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Incoming {
    /// The message.
    pub received: Received,
    /// The right to settle it, once.
    pub unsettled: Unsettled,
}

impl Incoming {
    /// A message and the way to settle it.
    pub fn new(received: Received, settle: Box<dyn Settle>) -> Self {
        Self { received, unsettled: Unsettled(Some(settle)) }
    }
}

/// What becomes of a message that was taken out of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It is done: the broker may forget it (`basic.ack`).
    Done,
    /// Nobody has begun it: back to the queue, without blame where the broker can tell (`basic.nack`, not counted by
    /// RabbitMQ 4.3).
    Return,
    /// It cannot be handled, and cannot be moved: the broker dead-letters it (`basic.reject` without requeue).
    Reject,
}

/// Settles one message, on the channel that it came by. A message of a lost channel is not settled: the broker
/// delivers it again (hazard H22).
pub trait Settle: fmt::Debug + Send {
    /// Tells the broker. It does not wait: the settlement may still be lost with the connection.
    fn settle(self: Box<Self>, settlement: Settlement);
}

/// The right to settle a message. Using it up settles; dropping it returns the message to its queue.
#[derive(Debug)]
#[must_use = "dropping it returns the message to its queue"]
pub struct Unsettled(Option<Box<dyn Settle>>);

impl Unsettled {
    /// Tells the broker what becomes of the message.
    pub fn settle(mut self, settlement: Settlement) {
        if let Some(settle) = self.0.take() {
            settle.settle(settlement);
        }
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        if let Some(settle) = self.0.take() {
            settle.settle(Settlement::Return);
        }
    }
}
