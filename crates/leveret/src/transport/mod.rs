//! The port to a broker: what RabbitMQ and the in-process broker both do, and nothing above knows the difference.

mod consumer;
mod error;
mod limits;
mod outgoing;
mod status;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::topology::{Binding, Topology};

pub use self::consumer::{Consumer, Incoming, Settle, Settlement, Unsettled};
pub use self::error::{ArgumentMismatch, PublishError, PublishErrorKind, TransportError, TransportErrorKind};
pub(crate) use self::limits::{COPY_ROOM, FRAME_MAX, MAX_BODY, check_delay, check_limits, header_len};
pub use self::outgoing::Outgoing;
pub use self::status::{ConnectionState, Status, Unconfirmed};

/// A broker, connected.
///
/// A transport remembers what was declared, bound and consumed through it, and does all of it again after each
/// reconnect (design §6). No future of it may be relied on to undo what it began when it is dropped.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Declares exchanges, queues and bindings, now and after each reconnect.
    ///
    /// # Errors
    /// With the broker's reason; a queue that exists with other arguments is named with each difference.
    async fn declare(&self, topology: &Topology) -> Result<(), TransportError>;

    /// Adds a binding, now and after each reconnect.
    ///
    /// # Errors
    /// When the queue or the exchange does not exist, or the broker cannot be reached in time.
    async fn bind(&self, binding: &Binding) -> Result<(), TransportError>;

    /// Removes a binding, and does not restore it after a reconnect.
    ///
    /// # Errors
    /// When the broker cannot be reached in time. A binding that is not there is no error.
    async fn unbind(&self, binding: &Binding) -> Result<(), TransportError>;

    /// The way out.
    fn publisher(&self) -> Arc<dyn Publisher>;

    /// Starts to take messages out of a queue, at most `prefetch` unsettled at a time.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached in time.
    async fn consume(&self, queue: &str, prefetch: u16) -> Result<Box<dyn Consumer>, TransportError>;

    /// Takes one message out of a queue, if there is one (AMQP `basic.get`).
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached in time.
    async fn get(&self, queue: &str) -> Result<Option<Incoming>, TransportError>;

    /// How many messages are ready in a queue.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached in time.
    async fn queue_depth(&self, queue: &str) -> Result<u32, TransportError>;

    /// Deletes a queue, with what is in it, and forgets it. A queue that is not there is no error.
    ///
    /// # Errors
    /// When the broker cannot be reached in time, or refuses.
    async fn delete_queue(&self, queue: &str) -> Result<(), TransportError>;

    /// How it stands with the connections.
    fn status(&self) -> Status;

    /// Waits for open confirms, then ends every task and connection, within `timeout`. After it everything fails with
    /// [`TransportErrorKind::Closed`]. Closing twice is no error.
    async fn close(&self, timeout: Duration);
}

/// The way out to a broker.
#[async_trait]
pub trait Publisher: fmt::Debug + Send + Sync + 'static {
    /// Hands a message to the broker, and waits until the broker has it.
    ///
    /// `Ok` means routed to at least one queue (if `mandatory`) and confirmed. Messages whose futures are first polled
    /// one after the other reach a queue in that order, while no connection is lost. A future that is dropped may or
    /// may not have sent its message.
    ///
    /// # Errors
    /// See [`PublishErrorKind`]; none comes later than [`Outgoing::deadline`] by more than a moment.
    async fn publish(&self, outgoing: Outgoing) -> Result<(), PublishError>;
}
