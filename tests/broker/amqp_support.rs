//! What the `amqp_*` tests share: a connected transport in a virtual host of its own, and short ways to use it.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use leveret::{
    amqp::AmqpOptions,
    envelope::{Envelope, Properties},
    headers::Headers,
    topology::{Queue, Topology},
    transport::{Consumer, Incoming, Outgoing, PublishError, Settlement, Transport},
};
use leveret_tests::broker::{Broker, VirtualHost};
use tokio::time::{Instant, timeout};

/// Longer than anything takes that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A transport, alone in a virtual host of the shared broker.
pub(crate) struct Alone {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) vhost: VirtualHost,
}

impl Deref for Alone {
    type Target = dyn Transport;

    fn deref(&self) -> &Self::Target {
        &*self.transport
    }
}

pub(crate) async fn connect() -> Alone {
    let vhost = Broker::shared().await.vhost().await;
    let transport = connect_to(&vhost.url()).await;
    Alone { transport, vhost }
}

pub(crate) async fn connect_to(url: &str) -> Arc<dyn Transport> {
    AmqpOptions::from_url(url).unwrap().connect().await.unwrap()
}

/// A name that no other test has.
pub(crate) fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test.{name}.{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn quorum() -> Headers {
    Headers::from_iter([("x-queue-type", "quorum")])
}

/// Declares a queue of its own for one test.
pub(crate) async fn queue(transport: &dyn Transport, arguments: Headers) -> String {
    let name = unique("queue");
    declare_queue(transport, Queue::new(&*name, arguments)).await;
    name
}

pub(crate) async fn declare_queue(transport: &dyn Transport, queue: Queue) {
    let mut topology = Topology::default();
    topology.queues.push(queue);
    transport.declare(&topology).await.unwrap();
}

/// A message to a queue, with a body and a message id.
pub(crate) fn to_queue(queue: &str, body: &str) -> Outgoing {
    to("", queue, body)
}

pub(crate) fn to(exchange: &str, key: &str, body: &str) -> Outgoing {
    let mut properties = Properties::default();
    properties.message_id = Some(unique("id").into());
    properties.persistent = true;
    let envelope = Envelope::new(properties, Headers::new(), body.to_owned());
    Outgoing::new(exchange, key, envelope, Instant::now() + PATIENCE)
}

pub(crate) async fn send(transport: &dyn Transport, queue: &str, body: &str) -> Result<(), PublishError> {
    transport.publisher().publish(to_queue(queue, body)).await
}

pub(crate) async fn next(consumer: &mut dyn Consumer) -> Incoming {
    timeout(PATIENCE, consumer.next()).await.expect("no message").expect("the consumer has ended")
}

pub(crate) fn body(incoming: &Incoming) -> String {
    String::from_utf8(incoming.received.envelope.body.to_vec()).unwrap()
}

/// Takes the next message, and is done with it.
pub(crate) async fn take(consumer: &mut dyn Consumer) -> String {
    let incoming = next(consumer).await;
    let body = body(&incoming);
    incoming.unsettled.settle(Settlement::Done);
    body
}

/// Waits until `condition` holds.
pub(crate) async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a loss that `lost` describes is noticed and healed.
pub(crate) async fn reconnected(transport: &dyn Transport, lost: impl Fn(&str) -> bool) {
    until("the loss is seen", async || transport.status().last_error.is_some_and(|error| lost(&error))).await;
    until("connected again", async || {
        let status = transport.status();
        status.publishing.is_connected() && status.consuming.is_connected()
    })
    .await;
}
