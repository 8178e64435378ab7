//! What most cases do: short names for the calls of the port, each with a deadline.

use std::{future::Future, time::Duration};

use leveret::{
    envelope::{Envelope, Properties, Received},
    headers::{Headers, Value},
    topology::{Binding, Exchange, ExchangeKind, Queue, Topology},
    transport::{
        Consumer, Incoming, Outgoing, PublishError, Settlement, Transport, TransportErrorKind, Unsettled,
    },
};
use tokio::time::{Instant, sleep, timeout};

const WAIT: Duration = Duration::from_secs(30);

/// A queue without arguments, empty.
pub(super) async fn plain_queue(transport: &dyn Transport, name: &str) {
    queue(transport, name, []).await;
}

pub(super) async fn queue<const N: usize>(
    transport: &dyn Transport,
    name: &str,
    arguments: [(&str, Value); N],
) {
    transport.declare(&only_queue(name, arguments)).await.unwrap();
}

pub(super) fn only_queue<const N: usize>(name: &str, arguments: [(&str, Value); N]) -> Topology {
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(name, Headers::from_iter(arguments)));
    topology
}

/// An exchange, and queues without arguments, each bound by its key.
pub(super) async fn bound(
    transport: &dyn Transport,
    exchange: &str,
    kind: ExchangeKind,
    bindings: &[(&str, &str)],
) {
    let mut topology = Topology::default();
    topology.exchanges.push(Exchange::new(exchange, kind));
    for (queue, key) in bindings {
        topology.queues.push(Queue::new(*queue, Headers::new()));
        topology.bindings.push(Binding::new(exchange, *queue, *key));
    }
    transport.declare(&topology).await.unwrap();
}

pub(super) fn text(body: impl Into<String>) -> Envelope {
    let mut properties = Properties::default();
    properties.persistent = true;
    Envelope::new(properties, Headers::new(), body.into())
}

pub(super) fn to(exchange: &str, key: &str, envelope: Envelope) -> Outgoing {
    Outgoing::new(exchange, key, envelope, Instant::now() + WAIT)
}

pub(super) async fn publish(
    transport: &dyn Transport,
    exchange: &str,
    key: &str,
    body: &str,
) -> Result<(), PublishError> {
    transport.publisher().publish(to(exchange, key, text(body))).await
}

/// Puts messages into a queue, one after the other.
pub(super) async fn fill<B: AsRef<str>>(
    transport: &dyn Transport,
    queue: &str,
    bodies: impl IntoIterator<Item = B>,
) {
    for body in bodies {
        publish(transport, "", queue, body.as_ref()).await.unwrap();
    }
}

pub(super) async fn within<F: Future>(what: &str, future: F) -> F::Output {
    let Ok(output) = timeout(WAIT, future).await else { panic!("no {what} within {WAIT:?}") };
    output
}

/// The next message of a consumer, which must come.
pub(super) async fn next(consumer: &mut Box<dyn Consumer>) -> (Received, Unsettled) {
    let incoming = within("message", consumer.next()).await;
    split(incoming.expect("a message, and not the end of the consumer"))
}

/// The text of the next message, which is settled.
pub(super) async fn take(consumer: &mut Box<dyn Consumer>) -> String {
    let (received, unsettled) = next(consumer).await;
    unsettled.settle(Settlement::Done);
    body(&received)
}

/// Everything that is ready in a queue, settled.
pub(super) async fn drain(transport: &dyn Transport, queue: &str) -> Vec<String> {
    let mut bodies = Vec::new();
    while let Some(incoming) = within("answer", transport.get(queue)).await.unwrap() {
        let (received, unsettled) = split(incoming);
        unsettled.settle(Settlement::Done);
        bodies.push(body(&received));
    }
    bodies
}

pub(super) fn split(incoming: Incoming) -> (Received, Unsettled) {
    let Incoming { received, unsettled, .. } = incoming;
    (received, unsettled)
}

pub(super) fn body(received: &Received) -> String {
    String::from_utf8(received.envelope.body.to_vec()).unwrap()
}

pub(super) fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|n| n.to_string()).collect()
}

pub(super) fn is_not_found(kind: &TransportErrorKind) -> bool {
    matches!(kind, TransportErrorKind::NotFound { .. })
}

/// Tries until it succeeds: for what the other side does on its own, and tells nobody.
pub(super) async fn eventually<E>(what: &str, mut attempt: impl AsyncFnMut() -> Result<(), E>) {
    within(what, async {
        while attempt().await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}
