//! Coming back: after lost connections, deleted queues and closed channels.

use std::{collections::BTreeSet, time::Duration};

use leveret::{
    headers::Headers,
    topology::Binding,
    transport::{ConnectionState, Settlement, TransportErrorKind},
};
use leveret_tests::broker::{Broker, BrokerOptions};
use tokio::task::JoinSet;

use crate::amqp_support::{
    connect, connect_to, next, queue, quorum, reconnected, send, take, to, to_queue, until,
};

#[tokio::test]
async fn a_closed_connection_comes_back_with_topology_and_consumers() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let key = format!("{queue}.key");
    transport.bind(&Binding::new("amq.topic", &*queue, &*key)).await.unwrap();
    let mut consumer = transport.consume(&queue, 4).await.unwrap();
    send(&*transport, &queue, "before").await.unwrap();
    let stale = next(&mut *consumer).await;
    transport.vhost.close_connections().await;
    reconnected(&*transport, |error| error.contains("320") && error.contains("CONNECTION_FORCED")).await;
    // Its channel is gone: the broker must not hear of it, and delivers it again.
    stale.unsettled.settle(Settlement::Done);
    assert_eq!(take(&mut *consumer).await, "before");
    transport.publisher().publish(to("amq.topic", &key, "after")).await.unwrap();
    let after = next(&mut *consumer).await;
    assert!(after.received.epoch > 1);
    after.unsettled.settle(Settlement::Done);
    consumer.close().await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_queue_deleted_under_its_consumer_is_declared_again() {
    let transport = connect().await;
    let operator = connect_to(&transport.vhost.url()).await;
    for arguments in [Headers::new(), quorum()] {
        let queue = queue(&*transport, arguments).await;
        let mut consumer = transport.consume(&queue, 4).await.unwrap();
        send(&*transport, &queue, "before").await.unwrap();
        assert_eq!(take(&mut *consumer).await, "before");
        operator.delete_queue(&queue).await.unwrap();
        until("the queue is back", async || send(&*transport, &queue, "after").await.is_ok()).await;
        assert_eq!(take(&mut *consumer).await, "after");
        consumer.close().await;
        transport.delete_queue(&queue).await.unwrap();
    }
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn nothing_that_was_confirmed_is_lost_when_connections_are_closed() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut consumer = transport.consume(&queue, 50).await.unwrap();
    let mut sends = JoinSet::new();
    for i in 0..3000_u32 {
        let (publisher, outgoing) = (transport.publisher(), to_queue(&queue, &i.to_string()));
        sends.spawn(async move { publisher.publish(outgoing).await.map(|()| i) });
    }
    let faults = async {
        for _ in 0..3 {
            transport.vhost.close_connections().await;
        }
    };
    let (confirmed, ()) = tokio::join!(sends.join_all(), faults);
    let mut missing: BTreeSet<_> = confirmed.into_iter().map(|sent| sent.unwrap().to_string()).collect();
    while !missing.is_empty() {
        missing.remove(&take(&mut *consumer).await);
    }
    consumer.close().await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn dropped_sends_shift_no_confirms() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for i in 0..300 {
        let publisher = transport.publisher();
        let outgoing = to_queue(if i % 2 == 0 { &queue } else { "test.nowhere" }, "x");
        let dropped = to_queue(&queue, "dropped");
        let abandoned = tokio::spawn({
            let publisher = publisher.clone();
            async move { publisher.publish(dropped).await }
        });
        if i % 3 == 0 {
            tokio::task::yield_now().await;
        }
        abandoned.abort();
        assert_eq!(publisher.publish(outgoing).await.is_ok(), i % 2 == 0);
    }
    until("nothing is unconfirmed", async || transport.status().unconfirmed.count == 0).await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

/// Each channel that the broker closes costs an id; a connection is renewed before its ids run out (hazard H5).
#[tokio::test]
async fn channels_that_the_broker_closes_never_run_out() {
    let few = BrokerOptions::new().config_line("channel_max = 230");
    let broker = Broker::start_with(few).await;
    let transport = connect_to(&broker.url()).await;
    let queue = queue(&*transport, quorum()).await;
    for _ in 0..300 {
        let depth = transport.queue_depth("test.nowhere").await.unwrap_err();
        assert!(matches!(depth.kind(), TransportErrorKind::NotFound { .. }), "{depth}");
        let error = transport.publisher().publish(to("test.no-such-exchange", "k", "x")).await.unwrap_err();
        assert!(error.to_string().contains("404"), "{error}");
    }
    let last_error = transport.status().last_error.unwrap();
    assert!(last_error.contains("renewed"), "{last_error}");
    send(&*transport, &queue, "still here").await.unwrap();
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 1);
    transport.close(Duration::from_secs(5)).await;
}

/// A call that nobody waits for any more must go on by itself: amqprs' tasks panic when it is dropped (hazards H1, H2).
#[tokio::test]
async fn dropped_calls_cost_no_connection() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let binding = Binding::new("amq.topic", &*queue, "k");
    for turns in (0..40).cycle().take(600) {
        let calls = async {
            let _ = transport.queue_depth(&queue).await;
            let _ = transport.bind(&binding).await;
            let _ = transport.get(&queue).await;
        };
        tokio::select! {
            biased;
            () = calls => {}
            () = async { for _ in 0..turns { tokio::task::yield_now().await } } => {}
        }
    }
    send(&*transport, &queue, "still here").await.unwrap();
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 1);
    let status = transport.status();
    assert!(matches!(status.consuming, ConnectionState::Up { epoch: 1 }), "{status:?}");
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn losses_leave_nothing_behind() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let metrics = tokio::runtime::Handle::current().metrics();
    let mut before = None;
    for i in 0..8 {
        let epoch = |state| match state {
            ConnectionState::Up { epoch } => epoch,
            _ => 0,
        };
        transport.vhost.close_connections().await;
        until("both are back", async || {
            let status = transport.status();
            epoch(status.publishing) > i + 1 && epoch(status.consuming) > i + 1
        })
        .await;
        send(&*transport, &queue, "x").await.unwrap();
        take(&mut *consumer).await;
        let tasks = *before.get_or_insert(metrics.num_alive_tasks());
        until("no more tasks than before", async || metrics.num_alive_tasks() <= tasks).await;
    }
    consumer.close().await;
    transport.close(Duration::from_secs(5)).await;
}
