//! The end of a transport.

use std::time::Duration;

use leveret::{
    topology::Binding,
    transport::{ConnectionState, PublishErrorKind, TransportErrorKind},
};

use super::{
    Harness,
    steps::{fill, next, only_queue, plain_queue, publish, split, within},
};

const CLOSE: Duration = Duration::from_secs(10);

/// Everything fails with `Closed`, and at once.
pub async fn nothing_works_afterwards(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let publisher = transport.publisher();
    transport.close(CLOSE).await;
    let error = publish(&*transport, "", &queue, "lost").await.unwrap_err();
    assert_eq!(error.kind(), &PublishErrorKind::Closed);
    let outgoing = super::steps::to("", &queue, super::steps::text("lost"));
    assert_eq!(publisher.publish(outgoing).await.unwrap_err().kind(), &PublishErrorKind::Closed);

    let binding = Binding::new("exchange", &queue, "key");
    let errors = [
        transport.declare(&only_queue(&queue, [])).await.err(),
        transport.bind(&binding).await.err(),
        transport.unbind(&binding).await.err(),
        transport.consume(&queue, 1).await.err(),
        transport.get(&queue).await.err(),
        transport.queue_depth(&queue).await.err(),
        transport.delete_queue(&queue).await.err(),
    ];
    for error in errors {
        assert_eq!(error.unwrap().kind(), &TransportErrorKind::Closed);
    }
}

/// A consumer that waits ends with its transport.
pub async fn a_waiting_consumer_ends(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let waiting = tokio::spawn(async move { consumer.next().await.is_none() });
    transport.close(CLOSE).await;
    assert!(within("end of the consumer", waiting).await.unwrap());
}

/// Closing twice is no error, and others go on.
pub async fn twice(h: &Harness) {
    let (transport, other, queue) = (h.connect().await, h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    transport.close(CLOSE).await;
    transport.close(CLOSE).await;
    fill(&*other, &queue, ["1"]).await;
    let incoming = other.get(&queue).await.unwrap().unwrap();
    assert!(!split(incoming).0.redelivered);
}

/// The status names the state of the connections, and the queues that are consumed.
pub async fn the_status_tells(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    assert_eq!(transport.status().consumers, [""; 0]);
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    fill(&*transport, &queue, ["1"]).await;
    let _held = next(&mut consumer).await;
    let status = transport.status();
    assert!(matches!(status.publishing, ConnectionState::Up { .. }), "{status:?}");
    assert!(matches!(status.consuming, ConnectionState::Up { .. }), "{status:?}");
    assert_eq!((status.consumers, status.unconfirmed.count), (vec![queue], 0));
    consumer.close().await;
    assert_eq!(transport.status().consumers, [""; 0]);
    transport.close(CLOSE).await;
    let status = transport.status();
    assert_eq!((status.publishing, status.consuming), (ConnectionState::Closed, ConnectionState::Closed));
}
