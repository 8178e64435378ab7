//! What is declared again, differently, or not at all.

use leveret::{
    headers::Value,
    topology::{Exchange, ExchangeKind, Queue, Topology},
    transport::{PublishErrorKind, TransportErrorKind},
};

use super::{
    Harness,
    steps::{bound, drain, fill, is_not_found, only_queue, plain_queue, publish, queue},
};

/// Declaring the same again is no error, and changes nothing.
pub async fn twice_alike(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    for _ in 0..2 {
        bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "a"), (&queue, "b")]).await;
        publish(&*transport, &exchange, "b", "1").await.unwrap();
    }
    assert_eq!(drain(&*transport, &queue).await, ["1", "1"]);
}

/// A queue that exists with other arguments: each is named, with both values, and the transport lives on.
pub async fn other_arguments_are_named(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("queue"));
    let existing = [
        ("x-max-length", Value::I32(10)),
        ("x-message-ttl", Value::I32(60_000)),
        ("x-dead-letter-exchange", "".into()),
        ("x-dead-letter-routing-key", "error".into()),
    ];
    queue(&*transport, &name, existing).await;
    let declared = [
        ("x-max-length", Value::I32(20)),
        ("x-dead-letter-exchange", "".into()),
        ("x-dead-letter-routing-key", "dead".into()),
        ("x-overflow", "reject-publish".into()),
    ];
    let error = transport.declare(&only_queue(&name, declared)).await.unwrap_err();
    let TransportErrorKind::QueueMismatch { queue, differences } = error.kind() else { panic!("{error:?}") };
    assert_eq!(*queue, name);
    let mut named: Vec<_> = differences
        .iter()
        .map(|it| (it.name.as_str(), it.existing.as_deref(), it.declared.as_ref().and_then(Value::to_text)))
        .collect();
    named.sort();
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        ("x-dead-letter-routing-key", Some("error"), text("dead")),
        ("x-max-length", Some("10"), text("20")),
        ("x-message-ttl", Some("60000"), None),
        ("x-overflow", None, text("reject-publish")),
    ];
    assert_eq!(named, expected);
    fill(&*transport, &name, ["1"]).await;
    assert_eq!(drain(&*transport, &name).await, ["1"]);
}

/// Numbers are compared by their value.
pub async fn integers_of_other_types_are_alike(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("queue"));
    for length in [Value::I32(10), Value::I64(10), Value::I16(10)] {
        queue(&*transport, &name, [("x-max-length", length)]).await;
    }
}

/// A queue that exists with other arguments is taken as it is by those who say so.
pub async fn adopted_as_it_is(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &name).await;
    let mut topology = only_queue(&name, [("x-max-length", Value::I32(1))]);
    topology.queues[0].adopt = true;
    transport.declare(&topology).await.unwrap();
    fill(&*transport, &name, ["1", "2"]).await;
    assert_eq!(drain(&*transport, &name).await, ["1", "2"]);
}

/// An exchange that exists and routes otherwise is refused with the broker's reason.
pub async fn an_exchange_of_another_kind(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("exchange"));
    bound(&*transport, &name, ExchangeKind::Topic, &[]).await;
    let mut topology = Topology::default();
    topology.exchanges.push(Exchange::new(&name, ExchangeKind::Direct));
    let error = transport.declare(&topology).await.unwrap_err();
    let TransportErrorKind::Refused { code: 406, text, .. } = error.kind() else { panic!("{error:?}") };
    assert!(text.contains(&name) && text.contains("topic"), "{text}");
}

/// Checking finds what is there, names what is missing, and makes nothing.
pub async fn checked_and_not_declared(h: &Harness) {
    let (transport, exchange, name) = (h.connect().await, h.name("exchange"), h.name("queue"));
    let mut topology = Topology::default();
    topology.exchanges.push(Exchange::new(&exchange, ExchangeKind::Topic));
    topology.queues.push(Queue::new(&name, [("x-max-length", Value::I32(5))].into_iter().collect()));
    topology.check_only = true;
    for missing in [&exchange, &name] {
        let error = transport.declare(&topology).await.unwrap_err();
        assert!(is_not_found(error.kind()) && error.to_string().contains(missing), "{error:?}");
        if *missing == exchange {
            bound(&*transport, &exchange, ExchangeKind::Topic, &[]).await;
        } else {
            plain_queue(&*transport, &name).await;
        }
    }
    transport.declare(&topology).await.unwrap();
}

/// A name over 255 bytes is refused, and the transport lives on.
pub async fn a_name_that_is_too_long(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("queue"));
    let long = "é".repeat(128);
    let mut exchange = Topology::default();
    exchange.exchanges.push(Exchange::new(&long, ExchangeKind::Topic));
    for topology in [only_queue(&long, []), exchange] {
        transport.declare(&topology).await.unwrap_err();
    }
    assert!(transport.consume(&long, 1).await.is_err());
    assert!(transport.get(&long).await.is_err());
    plain_queue(&*transport, &name).await;
    fill(&*transport, &name, ["1"]).await;
}

/// A deleted queue takes its messages and its bindings with it.
pub async fn a_deleted_queue_is_gone(h: &Harness) {
    let (transport, exchange, name) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&name, "a")]).await;
    fill(&*transport, &name, ["1"]).await;
    transport.delete_queue(&name).await.unwrap();
    for (exchange, key) in [("", name.as_str()), (&exchange, "a")] {
        let error = publish(&*transport, exchange, key, "lost").await.unwrap_err();
        assert!(matches!(error.kind(), PublishErrorKind::Unroutable { .. }), "{error:?}");
    }
    assert!(is_not_found(transport.queue_depth(&name).await.unwrap_err().kind()));
    plain_queue(&*transport, &name).await;
    assert_eq!(transport.queue_depth(&name).await.unwrap(), 0);
    publish(&*transport, &exchange, "a", "lost").await.unwrap_err();
}

/// Deleting a queue that is not there is no error.
pub async fn deleting_nothing(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("queue"));
    transport.delete_queue(&name).await.unwrap();
    plain_queue(&*transport, &name).await;
    transport.delete_queue(&name).await.unwrap();
    transport.delete_queue(&name).await.unwrap();
}
