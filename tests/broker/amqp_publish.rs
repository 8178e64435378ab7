//! Publishing: confirmed, returned, refused, and never mixed up.

use std::time::Duration;

use leveret::{
    amqp::AmqpOptions,
    error::ErrorKind,
    headers::{Headers, Value},
    transport::{Outgoing, PublishErrorKind},
};
use leveret_tests::broker::{Broker, BrokerOptions, Permissions};
use tokio::{task::JoinSet, time::Instant};

use crate::amqp_support::{connect, connect_to, queue, quorum, send, take, to, to_queue, unique, until};

#[tokio::test]
async fn a_message_without_a_queue_is_returned() {
    let transport = connect().await;
    let nowhere = unique("nowhere");
    let error = send(&*transport, &nowhere, "x").await.unwrap_err();
    assert_eq!(
        *error.kind(),
        PublishErrorKind::Unroutable { exchange: String::new(), routing_key: nowhere.clone() }
    );
    let error = transport.publisher().publish(to("amq.topic", &nowhere, "x")).await.unwrap_err();
    assert!(matches!(error.kind(), PublishErrorKind::Unroutable { exchange, .. } if exchange == "amq.topic"));
    let mut may_be_lost = to_queue(&nowhere, "x");
    may_be_lost.mandatory = false;
    transport.publisher().publish(may_be_lost).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn returns_among_many_good_messages_find_their_senders() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut sends = JoinSet::new();
    for i in 0..500 {
        let (publisher, good) = (transport.publisher(), i % 3 != 0);
        let outgoing = to_queue(if good { &queue } else { "test.nowhere" }, "x");
        sends.spawn(async move { publisher.publish(outgoing).await.is_ok() == good });
    }
    assert!(sends.join_all().await.into_iter().all(|right| right));
    until("all in the queue", async || transport.queue_depth(&queue).await.unwrap() == 333).await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn one_task_keeps_its_order_even_when_the_window_is_narrow() {
    let vhost = Broker::shared().await.vhost().await;
    let narrow = AmqpOptions::from_url(&vhost.url()).unwrap().window(3, 1 << 20);
    let transport = narrow.connect().await.unwrap();
    let queue = queue(&*transport, Headers::new()).await;
    // Polled for the first time one after the other, and then all at once.
    let mut sends = JoinSet::new();
    let publisher = transport.publisher();
    for i in 0..200 {
        let publisher = publisher.clone();
        let outgoing = to_queue(&queue, &i.to_string());
        let mut send = Box::pin(async move { publisher.publish(outgoing).await });
        let first = std::future::poll_fn(|cx| std::task::Poll::Ready(send.as_mut().poll(cx))).await;
        if first.is_pending() {
            sends.spawn(send);
        }
    }
    assert!(sends.join_all().await.into_iter().all(|sent| sent.is_ok()));
    let mut consumer = transport.consume(&queue, 50).await.unwrap();
    for i in 0..200 {
        assert_eq!(take(&mut *consumer).await, i.to_string());
    }
    consumer.close().await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn the_culprit_fails_alone() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for round in 0..3 {
        let mut sends = JoinSet::new();
        for i in 0..100 {
            let publisher = transport.publisher();
            let outgoing =
                if i == 50 { to("test.no-such-exchange", "k", "x") } else { to_queue(&queue, "x") };
            sends.spawn(async move { (i, publisher.publish(outgoing).await) });
        }
        for (i, result) in sends.join_all().await {
            match result {
                Ok(()) => assert_ne!(i, 50),
                Err(error) => {
                    assert_eq!(i, 50, "round {round}: {error}");
                    assert!(matches!(error.kind(), PublishErrorKind::Rejected { code: 404, .. }), "{error}");
                    assert!(error.to_string().contains("test.no-such-exchange"), "{error}");
                }
            }
        }
    }
    assert!(transport.queue_depth(&queue).await.unwrap() >= 297);
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_culprit_that_the_broker_does_not_name_is_found() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut sends = JoinSet::new();
    for i in 0..20 {
        let publisher = transport.publisher();
        let mut outgoing = to_queue(&queue, "x");
        if i == 7 {
            let mut envelope = (*outgoing.envelope).clone();
            envelope.properties.expiration = Some("soon".into());
            outgoing.envelope = envelope.into();
        }
        sends.spawn(async move { (i, publisher.publish(outgoing).await) });
    }
    for (i, result) in sends.join_all().await {
        assert_eq!(result.is_err(), i == 7, "{i}: {result:?}");
    }
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_missing_permission_fails_alone() {
    let (broker, user) = (Broker::shared().await, unique("writer"));
    let vhost = broker.vhost().await;
    broker.add_user(&user, "secret").await;
    vhost.set_permissions(&user, Permissions { write: "^(?!amq\\.topic$).*", ..Permissions::ALL }).await;
    let transport = connect_to(&vhost.url_for(&user, "secret")).await;
    let queue = queue(&*transport, quorum()).await;
    let mut sends = JoinSet::new();
    for i in 0..100 {
        let publisher = transport.publisher();
        let outgoing = if i == 50 { to("amq.topic", "k", "x") } else { to_queue(&queue, "x") };
        sends.spawn(async move { (i, publisher.publish(outgoing).await) });
    }
    for (i, result) in sends.join_all().await {
        let code = result.err().map(|error| match error.kind() {
            PublishErrorKind::Rejected { code, .. } => *code,
            other => panic!("{other:?}"),
        });
        assert_eq!(code, (i == 50).then_some(403), "{i}");
    }
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_body_over_the_limit_of_the_broker_fails_alone() {
    let broker = Broker::start_with(BrokerOptions::new().config_line("max_message_size = 1000000")).await;
    let transport = connect_to(&broker.url()).await;
    let queue = queue(&*transport, quorum()).await;
    let mut sends = JoinSet::new();
    for i in 0..20 {
        let publisher = transport.publisher();
        let outgoing = to_queue(&queue, &"x".repeat(if i == 10 { 1_000_001 } else { 10 }));
        sends.spawn(async move { (i, publisher.publish(outgoing).await) });
    }
    for (i, result) in sends.join_all().await {
        assert_eq!(result.is_err(), i == 10, "{i}: {result:?}");
        if let Err(error) = result {
            assert!(matches!(error.kind(), PublishErrorKind::Rejected { code: 406, .. }), "{error}");
        }
    }
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_full_queue_refuses_in_the_end() {
    let transport = connect().await;
    let full = Headers::from_iter([("x-max-length", Value::I32(1)), ("x-overflow", "reject-publish".into())]);
    let queue = queue(&*transport, full).await;
    send(&*transport, &queue, "fits").await.unwrap();
    let started = Instant::now();
    let error = send(&*transport, &queue, "too many").await.unwrap_err();
    assert_eq!(*error.kind(), PublishErrorKind::Refused);
    assert!(error.kind().is_retryable());
    // 0.5 s, 1 s and 2 s between the four attempts
    assert!(started.elapsed() >= Duration::from_millis(3500));
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_the_connection_lives() {
    let transport = connect().await;
    let queue = queue(&*transport, Headers::new()).await;
    let refused = async |change: &dyn Fn(&mut Outgoing)| {
        let mut outgoing = to_queue(&queue, "x");
        change(&mut outgoing);
        match transport.publisher().publish(outgoing).await.map_err(|error| error.kind().clone()) {
            Err(PublishErrorKind::TooLarge { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&|outgoing| outgoing.routing_key = "x".repeat(256).into()).await, "routing key");
    assert_eq!(
        refused(&|outgoing| {
            let mut envelope = (*outgoing.envelope).clone();
            envelope.headers.insert("big", "x".repeat(100_000));
            outgoing.envelope = envelope.into();
        })
        .await,
        "header"
    );
    assert_eq!(
        refused(&|outgoing| {
            let mut envelope = (*outgoing.envelope).clone();
            envelope.body = vec![0; (16 << 20) + 1].into();
            outgoing.envelope = envelope.into();
        })
        .await,
        "body"
    );
    send(&*transport, &queue, "x").await.unwrap();
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
    assert_eq!(*send(&*transport, &queue, "x").await.unwrap_err().kind(), PublishErrorKind::Closed);
}
