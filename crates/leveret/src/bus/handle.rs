use std::{sync::Arc, time::Duration};

use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::{
    BusBuilder, BusError, BusErrorKind, Pulled, Subscription, Target,
    subscription::{Change, Wanted},
};
use crate::{
    consume::Pump,
    context::Services,
    handler::Route,
    message::{
        Message,
        verbs::{DeferKind, PromisesReply, PublishKind, RequestKind, SendKind, SubscribeKind},
    },
    publish::{DeferCommand, PublishEvent, SendCommand, Settings, Writer},
    request::Request,
    transaction::Transaction,
    transport::{Transport, TransportError},
};

/// A running bus: sends, publishes, requests, and handles what arrives at its endpoint.
///
/// Clones are the same bus. End it with [`shutdown`](Self::shutdown) or [`run_until_signal`](Self::run_until_signal):
/// a bus that is merely dropped stops too, but nobody waits for its handlers.
///
/// ```no_run
/// use leveret::{Bus, Message};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(command, endpoint = "billing")]
/// struct ChargeCard { cents: u64 }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let bus = Bus::builder("amqp://guest:guest@localhost:5672").start().await?; // no endpoint: it only sends
/// bus.send(ChargeCard { cents: 4_200 }).await?; // confirmed and routed, or an error
/// bus.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Bus {
    pub(super) core: Arc<Core>,
}

#[derive(Debug)]
pub(super) struct Core {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) services: Arc<Services>,
    pub(super) writer: Writer,
    pub(super) endpoint: Option<EndpointHandle>,
    pub(super) stopping: CancellationToken,
    pub(super) shutdown_timeout: Duration,
    /// Set by the one shutdown that was carried out.
    pub(super) ended: OnceCell<()>,
}

/// The endpoint of a bus, consuming.
#[derive(Debug)]
pub(super) struct EndpointHandle {
    pub(super) queue: String,
    pub(super) routes: &'static [Route],
    pub(super) pump: Pump,
}

impl Bus {
    /// A builder for a bus on this broker: an `amqp://`, `amqps://` or `memory://` URL, or a
    /// [`MemoryBroker`](crate::memory::MemoryBroker).
    pub fn builder(target: impl Into<Target>) -> BusBuilder {
        BusBuilder::new(target.into())
    }

    /// Sends a command to the endpoint that its contract names.
    ///
    /// `Ok` means that the broker has it in the endpoint's queue, on disk where the queue is durable. See
    /// [`SendErrorKind`](crate::publish::SendErrorKind) for what else may come of it.
    pub fn send<M: Message>(&self, command: M) -> SendCommand<'_>
    where
        M::Kind: SendKind<M>,
    {
        self.core.writer.send(&command)
    }

    /// Publishes an event to whoever subscribed.
    ///
    /// `Ok` means that the broker has it in every queue that subscribed. Without any the event is `Unroutable`, unless
    /// its contract says `mandatory = false`.
    pub fn publish<M: Message>(&self, event: M) -> PublishEvent<'_>
    where
        M::Kind: PublishKind<M>,
    {
        self.core.writer.publish(&event)
    }

    /// Sends a command that is not handled before `delay` has passed: until then it waits in the broker, whatever becomes
    /// of this process (design §5).
    ///
    /// Delays are rounded up to 16 ms; the longest is 397 days, and zero is now. A queue that does not exist is an error
    /// at once.
    pub fn defer<M: Message>(&self, command: M, delay: Duration) -> DeferCommand<'_>
    where
        M::Kind: DeferKind<M>,
    {
        self.core.writer.defer(&command, delay)
    }

    /// Sends a command, and awaits the reply that its contract promises.
    ///
    /// The reply comes to a queue of this bus alone, so the bus needs no endpoint.
    pub fn request<M: Message>(&self, command: M) -> Request<'_, M::Reply>
    where
        M::Kind: RequestKind<M> + PromisesReply<M>,
    {
        Request::new(&self.core.services.requester, &self.core.writer, &command)
    }

    /// A transaction: what is sent through it leaves together, at its commit.
    pub fn transaction(&self) -> Transaction {
        Transaction::new(Writer::holding(self.core.services.outlet.clone()))
    }

    /// Sends a command whose body is there already, for gateways. An empty `message_type` writes no type.
    pub fn send_raw(&self, queue: &str, message_type: &str, body: impl Into<Vec<u8>>) -> SendCommand<'_> {
        self.core.writer.send_raw(queue, message_type, body.into())
    }

    /// Publishes an event whose body is there already, for gateways. An empty `message_type` writes no type.
    pub fn publish_raw(&self, topic: &str, message_type: &str, body: impl Into<Vec<u8>>) -> PublishEvent<'_> {
        self.core.writer.publish_raw(topic, message_type, body.into())
    }

    /// Subscribes the endpoint to an event: by the pattern of its handler, or by the event's own topic where a handler
    /// of [`AnyMessage`](crate::AnyMessage) takes it.
    pub fn subscribe<M: Message>(&self) -> Subscription<'_>
    where
        M::Kind: SubscribeKind<M>,
    {
        Subscription::new(self, Change::Bind, self.pattern_of::<M>())
    }

    /// Ends the endpoint's subscription to an event. What another handler subscribes to by the same pattern stays.
    pub fn unsubscribe<M: Message>(&self) -> Subscription<'_>
    where
        M::Kind: SubscribeKind<M>,
    {
        Subscription::new(self, Change::Unbind, self.pattern_of::<M>())
    }

    /// Subscribes the endpoint to every event whose topic matches `pattern`: `*` is one word, `#` none or more.
    pub fn subscribe_pattern(&self, pattern: &str) -> Subscription<'_> {
        Subscription::new(self, Change::Bind, Wanted::pattern(pattern))
    }

    /// Ends a subscription made with [`subscribe_pattern`](Self::subscribe_pattern), with the same arguments.
    pub fn unsubscribe_pattern(&self, pattern: &str) -> Subscription<'_> {
        Subscription::new(self, Change::Unbind, Wanted::pattern(pattern))
    }

    /// Stops taking messages out of the endpoint's queue, and returns when running handlers have finished (or the
    /// `shutdown_timeout` has passed). Sending goes on. Pausing twice is no error.
    ///
    /// # Errors
    /// When the bus has no endpoint, or is shut down.
    pub async fn pause(&self) -> Result<(), BusError> {
        self.pump("pause")?.pause().await.map_err(broker)
    }

    /// Takes messages again. Resuming what runs is no error.
    ///
    /// # Errors
    /// When the bus has no endpoint, is shut down, or the broker cannot be reached.
    pub async fn resume(&self) -> Result<(), BusError> {
        self.pump("resume")?.resume().await.map_err(broker)
    }

    /// Pulls one message out of any queue, if there is one.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached.
    pub async fn get(&self, queue: &str) -> Result<Option<Pulled>, BusError> {
        let incoming = self.core.transport.get(queue).await.map_err(broker)?;
        Ok(incoming.map(|incoming| Pulled::new(incoming, self.settings().names.clone())))
    }

    /// How many messages are ready in any queue; what consumers hold unsettled does not count.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached.
    pub async fn queue_depth(&self, queue: &str) -> Result<u32, BusError> {
        self.core.transport.queue_depth(queue).await.map_err(broker)
    }

    fn pump(&self, action: &'static str) -> Result<&Pump, BusError> {
        Ok(&self.endpoint(action)?.pump)
    }

    pub(super) fn endpoint(&self, action: &'static str) -> Result<&EndpointHandle, BusError> {
        self.core.endpoint.as_ref().ok_or_else(|| BusErrorKind::NoEndpoint { action }.into())
    }

    pub(super) fn settings(&self) -> &Settings {
        self.core.services.settings()
    }
}

pub(super) fn broker(error: TransportError) -> BusError {
    error.map(BusErrorKind::Broker)
}
