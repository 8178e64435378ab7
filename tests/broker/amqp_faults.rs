//! A broker that dies, hangs, runs out of memory or loses patience: each test has one of its own.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use leveret::{
    amqp::AmqpOptions,
    headers::Headers,
    transport::{ConnectionState, Consumer, PublishErrorKind, Settlement, Transport},
};
use leveret_tests::broker::{Broker, BrokerOptions, Permissions};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::amqp_support::{
    body, connect_to, next, queue, quorum, reconnected, send, take, to_queue, unique, until,
};

/// RabbitMQ writes down late that a quorum queue exists: killed before, it comes back empty.
const DIRECTORY_WRITTEN: Duration = Duration::from_secs(3);

/// Sends `count` messages, all at once; what comes back are the bodies that were confirmed.
fn flood(transport: &Arc<dyn Transport>, queue: &str, count: usize) -> JoinSet<Option<String>> {
    let mut sends = JoinSet::new();
    for i in 0..count {
        let (publisher, body) = (transport.publisher(), i.to_string());
        let outgoing = to_queue(queue, &body);
        sends.spawn(async move { publisher.publish(outgoing).await.is_ok().then_some(body) });
    }
    sends
}

/// Takes messages until all of `expected` have come.
async fn take_all(consumer: &mut dyn Consumer, expected: impl IntoIterator<Item = String>) {
    let mut missing: BTreeSet<String> = expected.into_iter().collect();
    while !missing.is_empty() {
        missing.remove(&take(consumer).await);
    }
}

#[tokio::test]
async fn nothing_confirmed_is_lost_when_the_broker_is_killed() {
    let mut broker = Broker::start().await;
    let transport = connect_to(&broker.url()).await;
    for arguments in [quorum(), Headers::new()] {
        let queue = queue(&*transport, arguments).await;
        let mut consumer = transport.consume(&queue, 20).await.unwrap();
        sleep(DIRECTORY_WRITTEN).await;
        let sends = flood(&transport, &queue, 5000);
        let first = take(&mut *consumer).await;
        broker.kill().await;
        broker.start_again().await;
        let confirmed: Vec<_> = sends.join_all().await.into_iter().flatten().collect();
        assert_eq!(confirmed.len(), 5000);
        // The first one was settled, and need not come again.
        take_all(&mut *consumer, confirmed.into_iter().filter(|body| *body != first)).await;
        consumer.close().await;
    }
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_frozen_broker_is_noticed_and_found_again() {
    let mut broker = Broker::start().await;
    let transport = AmqpOptions::from_url(&broker.url())
        .unwrap()
        .heartbeat(Duration::from_secs(5))
        .connection_timeout(Duration::from_secs(2))
        .connect()
        .await
        .unwrap();
    let queue = queue(&*transport, quorum()).await;
    let mut consumer = transport.consume(&queue, 20).await.unwrap();
    send(&*transport, &queue, "before").await.unwrap();
    take(&mut *consumer).await;
    broker.freeze().await;
    let sends = flood(&transport, &queue, 500);
    until("both connections are given up", async || {
        let status = transport.status();
        !status.publishing.is_connected() && !status.consuming.is_connected()
    })
    .await;
    broker.thaw().await;
    reconnected(&*transport, |_| true).await;
    let confirmed: Vec<_> = sends.join_all().await.into_iter().flatten().collect();
    assert_eq!(confirmed.len(), 500);
    take_all(&mut *consumer, confirmed).await;
    consumer.close().await;
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn an_alarm_holds_up_publishing_and_nothing_else() {
    let mut broker = Broker::start().await;
    let transport = connect_to(&broker.url()).await;
    let queue = queue(&*transport, quorum()).await;
    for i in 0..10 {
        send(&*transport, &queue, &i.to_string()).await.unwrap();
    }
    broker.alarm(true).await;
    let mut blocked = to_queue(&queue, "blocked");
    blocked.deadline = Instant::now() + Duration::from_secs(7);
    let error = transport.publisher().publish(blocked).await.unwrap_err();
    let PublishErrorKind::Unknown { reason } = error.kind() else { panic!("{error}") };
    assert!(reason.contains("alarm"), "{reason}");
    let status = transport.status();
    assert!(matches!(status.publishing, ConnectionState::Stalled { .. }), "{status:?}");
    assert!(status.unconfirmed.oldest.unwrap() >= Duration::from_secs(6), "{status:?}");
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    for i in 0..10 {
        assert_eq!(take(&mut *consumer).await, i.to_string());
    }
    broker.alarm(false).await;
    assert_eq!(take(&mut *consumer).await, "blocked");
    until("nothing is unconfirmed", async || transport.status().unconfirmed.count == 0).await;
    assert!(matches!(transport.status().publishing, ConnectionState::Up { epoch: 1 }));
    consumer.close().await;
    transport.close(Duration::from_secs(5)).await;
}

/// 3.10 and 4.0 close the channel of a consumer that is too slow. 4.3 cancels the consumer and leaves the channel,
/// for quorum queues only.
#[tokio::test]
async fn a_consumer_that_loses_the_patience_of_the_broker_goes_on() {
    let options = BrokerOptions::new()
        .config_line("consumer_timeout = 5000")
        .advanced_config("[{rabbit, [{channel_tick_interval, 1000}]}].");
    let broker = Broker::start_with(options).await;
    let transport = connect_to(&broker.url()).await;
    let queue = queue(&*transport, quorum()).await;
    for body in ["slow", "quick"] {
        send(&*transport, &queue, body).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 3).await.unwrap();
    let slow = next(&mut *consumer).await;
    assert_eq!(body(&slow), "slow");
    assert_eq!(take(&mut *consumer).await, "quick");
    // It comes again, and what is said of its first delivery by then harms nothing.
    let again = next(&mut *consumer).await;
    assert_eq!(body(&again), "slow");
    assert!(again.received.redelivered);
    slow.unsettled.settle(Settlement::Done);
    again.unsettled.settle(Settlement::Done);
    send(&*transport, &queue, "after").await.unwrap();
    assert_eq!(take(&mut *consumer).await, "after");
    until("consuming", async || transport.status().consumers.contains(&queue)).await;
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_broker_that_starts_late_is_awaited() {
    let mut broker = Broker::start().await;
    let url = broker.url();
    broker.stop().await;
    let late = AmqpOptions::from_url(&url).unwrap().start_timeout(Duration::from_secs(120));
    let waiting = tokio::spawn(late.connect());
    broker.start_again().await;
    let transport = waiting.await.unwrap().unwrap();
    assert!(transport.status().consuming.is_connected());
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn without_a_broker_nothing_is_sent_and_closing_is_quick() {
    let mut broker = Broker::start().await;
    let transport = connect_to(&broker.url()).await;
    let queue = queue(&*transport, Headers::new()).await;
    let consumer = transport.consume(&queue, 5).await.unwrap();
    broker.stop().await;
    until("the loss is seen", async || !transport.status().publishing.is_connected()).await;
    let mut hopeless = to_queue(&queue, "x");
    hopeless.deadline = Instant::now() + Duration::from_millis(500);
    let error = transport.publisher().publish(hopeless).await.unwrap_err();
    let PublishErrorKind::NotSent { reason } = error.kind() else { panic!("{error}") };
    assert!(reason.contains("not connected"), "{reason}");
    let waiting = flood(&transport, &queue, 2000);
    let started = Instant::now();
    transport.close(Duration::from_secs(2)).await;
    transport.close(Duration::from_secs(2)).await;
    assert!(waiting.join_all().await.into_iter().all(|sent| sent.is_none()));
    consumer.close().await;
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_changed_password_is_told_and_not_hammered() {
    let broker = Broker::shared().await;
    let (vhost, user) = (broker.vhost().await, unique("changing"));
    broker.add_user(&user, "first").await;
    vhost.set_permissions(&user, Permissions::ALL).await;
    let transport = connect_to(&vhost.url_for(&user, "first")).await;
    broker.change_password(&user, "second").await;
    vhost.close_connections().await;
    until("the refusal is seen", async || {
        let refused = |state: &ConnectionState| state.to_string().contains("refused user");
        let status = transport.status();
        refused(&status.publishing) && refused(&status.consuming)
    })
    .await;
    broker.change_password(&user, "first").await;
    reconnected(&*transport, |error| error.contains("refused user")).await;
    transport.close(Duration::from_secs(5)).await;
}
