//! Declaring: what is there with other arguments is named, in full.

use std::time::Duration;

use leveret::{
    headers::{Headers, Value},
    topology::{Binding, Exchange, ExchangeKind, Queue, Topology},
    transport::{PublishErrorKind, TransportErrorKind},
};

use crate::amqp_support::{connect, declare_queue, queue, quorum, take, to, unique};

#[tokio::test]
async fn every_argument_that_differs_is_named() {
    let transport = connect().await;
    let name = unique("mismatch");
    let there = Headers::from_iter([
        ("x-queue-type", Value::from("quorum")),
        ("x-delivery-limit", Value::I64(7)),
        ("x-max-length", Value::I64(1000)),
    ]);
    declare_queue(&*transport, Queue::new(&*name, there)).await;
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(
        &*name,
        Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-delivery-limit", Value::I64(20)),
            ("x-dead-letter-exchange", "".into()),
        ]),
    ));
    let error = transport.declare(&topology).await.unwrap_err();
    let TransportErrorKind::QueueMismatch { queue, differences } = error.kind() else { panic!("{error:?}") };
    assert_eq!(*queue, name);
    let mut found: Vec<_> = differences
        .iter()
        .map(|difference| (&*difference.name, difference.existing.as_deref(), difference.declared.clone()))
        .collect();
    found.sort_by_key(|(name, ..)| *name);
    assert_eq!(
        found,
        [
            ("x-dead-letter-exchange", None, Some("".into())),
            ("x-delivery-limit", Some("7"), Some(Value::I64(20))),
            ("x-max-length", Some("1000"), None),
        ]
    );
    topology.queues[0].adopt = true;
    transport.declare(&topology).await.unwrap();
    transport.delete_queue(&name).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn another_type_of_queue_is_named() {
    let transport = connect().await;
    let plain = queue(&*transport, Headers::new()).await;
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(&*plain, quorum()));
    let error = transport.declare(&topology).await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::QueueMismatch { .. }), "{error}");
    assert!(error.to_string().contains("x-queue-type"), "{error}");
    transport.delete_queue(&plain).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn an_exchange_of_another_type_is_an_error() {
    let transport = connect().await;
    let mut topology = Topology::default();
    topology.exchanges.push(Exchange::new("amq.topic", ExchangeKind::Direct));
    let error = transport.declare(&topology).await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::Refused { code: 406, .. }), "{error}");
    assert!(error.to_string().contains("amq.topic"), "{error}");
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn checking_declares_nothing() {
    let transport = connect().await;
    let name = unique("absent");
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(&*name, Headers::new()));
    topology.check_only = true;
    let error = transport.declare(&topology).await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::NotFound { .. }), "{error}");
    assert!(transport.queue_depth(&name).await.is_err());
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn bindings_come_and_go() {
    let transport = connect().await;
    let queue = queue(&*transport, Headers::new()).await;
    let binding = Binding::new("amq.topic", &*queue, format!("{queue}.*"));
    let key = format!("{queue}.a");
    transport.bind(&binding).await.unwrap();
    transport.publisher().publish(to("amq.topic", &key, "bound")).await.unwrap();
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    assert_eq!(take(&mut *consumer).await, "bound");
    transport.unbind(&binding).await.unwrap();
    transport.unbind(&binding).await.unwrap();
    let error = transport.publisher().publish(to("amq.topic", &key, "lost")).await.unwrap_err();
    assert!(matches!(error.kind(), PublishErrorKind::Unroutable { .. }), "{error}");
    let missing = Binding::new("amq.topic", unique("missing"), "k");
    let error = transport.bind(&missing).await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::NotFound { .. }), "{error}");
    transport.unbind(&missing).await.unwrap();
    consumer.close().await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}
