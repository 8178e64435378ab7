//! A delayed message reaches its queue when its time has come, and not before.

use std::{sync::Arc, time::Duration};

use leveret::transport::{Outgoing, PublishError, PublishErrorKind, Settlement, Transport};
use tokio::{task::JoinSet, time::Instant};

use super::{
    Harness,
    steps::{body, drain, eventually, next, plain_queue, take, text, to},
};

const MILLI: Duration = Duration::from_millis(1);

fn delayed(queue: &str, body: &str, delay: Duration) -> Outgoing {
    let mut outgoing = to("", queue, text(body));
    outgoing.delay = Some(delay);
    outgoing
}

async fn delay(
    transport: &dyn Transport,
    queue: &str,
    body: &str,
    delay: Duration,
) -> Result<(), PublishError> {
    transport.publisher().publish(delayed(queue, body, delay)).await
}

/// Whatever the delay, however many come at once.
pub async fn never_early(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 100).await.unwrap();
    let (started, publisher) = (Instant::now(), transport.publisher());
    let mut sends = JoinSet::new();
    for n in 0..60_u32 {
        let outgoing = delayed(&queue, &(n * n / 4).to_string(), MILLI * (n * n / 4));
        let publisher = publisher.clone();
        sends.spawn(async move { publisher.publish(outgoing).await.unwrap() });
    }
    sends.join_all().await;
    for _ in 0..60 {
        let millis: u32 = take(&mut consumer).await.parse().unwrap();
        assert!(started.elapsed() >= MILLI * millis, "{millis} ms after {:?}", started.elapsed());
    }
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
}

/// A short wait is not behind a long one.
pub async fn in_the_order_of_their_times(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    delay(&*transport, &queue, "so that all is declared", MILLI).await.unwrap();
    assert_eq!(take(&mut consumer).await, "so that all is declared");
    for (body, millis) in [("last", 2000), ("second", 500), ("first", 0)] {
        delay(&*transport, &queue, body, MILLI * millis).await.unwrap();
    }
    assert_eq!(take(&mut consumer).await, "first");
    let (received, unsettled) = next(&mut consumer).await;
    assert_eq!(body(&received), "second");
    assert!(received.exchange.starts_with("leveret.delay.v1.16."), "tells that it is due: {received:?}");
    unsettled.settle(Settlement::Done);
    assert_eq!(take(&mut consumer).await, "last");
}

/// A message for nobody is refused at once, and not when its time has come.
pub async fn to_a_missing_queue(h: &Harness) {
    let (transport, missing) = (h.connect().await, h.name("missing"));
    let error = delay(&*transport, &missing, "lost", MILLI * 50).await.unwrap_err();
    let expected = PublishErrorKind::Unroutable { exchange: String::new(), routing_key: missing };
    assert_eq!(error.kind(), &expected);
}

/// An expiration shorter than the delay makes nothing early, and no priority puts anything off.
pub async fn neither_expiration_nor_priority_count(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let started = Instant::now();
    for priority in [None, Some(9), Some(0)] {
        let mut outgoing = delayed(&queue, "due", MILLI * 300);
        let properties = &mut Arc::make_mut(&mut outgoing.envelope).properties;
        (properties.expiration, properties.priority) = (Some("20".into()), priority);
        transport.publisher().publish(outgoing).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    for _ in 0..3 {
        let (received, unsettled) = next(&mut consumer).await;
        assert!(started.elapsed() >= MILLI * 300);
        let properties = &received.envelope.properties;
        assert_eq!((&properties.expiration, properties.priority), (&None, None));
        unsettled.settle(Settlement::Done);
    }
}

/// Dots, words that look like the digits of a delay, umlauts, 190 bytes; and nothing goes to the wrong one.
pub async fn to_queues_of_any_name(h: &Harness) {
    let transport = h.connect().await;
    let mut names = vec![h.name("a.b"), h.name("a"), h.name("0.1.0"), h.name("größe.名前"), h.name("a..b")];
    let longest = h.name("");
    names.push(format!("{longest}{}", "x".repeat(190 - longest.len())));
    names.extend(names.clone().iter().take(3).map(|name| format!("1.{name}")));
    for name in &names {
        plain_queue(&*transport, name).await;
        delay(&*transport, name, name, MILLI * 40).await.unwrap();
    }
    for name in &names {
        let mut consumer = transport.consume(name, 1).await.unwrap();
        assert_eq!(take(&mut consumer).await, *name);
        assert_eq!(transport.queue_depth(name).await.unwrap(), 0);
    }
}

/// What a queue waits for ends in `error` when that queue is gone by then. It holds up nobody.
pub async fn to_a_queue_that_is_gone_by_then(h: &Harness) {
    let (transport, gone, queue) = (h.connect().await, h.name("gone"), h.name("queue"));
    plain_queue(&*transport, "error").await;
    for name in [&gone, &queue] {
        plain_queue(&*transport, name).await;
    }
    let mine: Vec<String> = (0..40).map(|n| format!("{gone} {n}")).collect();
    delay(&*transport, &queue, "so that all is declared", MILLI).await.unwrap();
    let mut sends = JoinSet::new();
    for body in &mine {
        let (publisher, outgoing) = (transport.publisher(), delayed(&gone, body, MILLI * 2000));
        sends.spawn(async move { publisher.publish(outgoing).await.unwrap() });
    }
    sends.join_all().await;
    transport.delete_queue(&gone).await.unwrap();
    delay(&*transport, &queue, "due", MILLI * 2000).await.unwrap();
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    assert_eq!(take(&mut consumer).await, "so that all is declared");
    assert_eq!(take(&mut consumer).await, "due");
    let mut failed = Vec::new();
    eventually("undeliverable messages", async || {
        failed.extend(drain(&*transport, "error").await);
        if mine.iter().all(|body| failed.contains(body)) { Ok(()) } else { Err(()) }
    })
    .await;
}

/// A queue that is deleted and comes back with its consumer still gets what waited for it.
pub async fn to_a_queue_that_comes_back(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    delay(&*transport, &queue, "due", MILLI * 1500).await.unwrap();
    h.connect().await.delete_queue(&queue).await.unwrap();
    assert_eq!(take(&mut consumer).await, "due");
}

/// What no broker can wait for is refused before anything is written.
pub async fn limits(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let long = delay(&*transport, &queue, "x", Duration::MAX).await.unwrap_err();
    assert!(matches!(long.kind(), PublishErrorKind::DelayTooLong { .. }), "{long}");
    let wild = delay(&*transport, "orders.*", "x", MILLI).await.unwrap_err();
    assert!(matches!(wild.kind(), PublishErrorKind::DelayToWildcard { .. }), "{wild}");
    let name = delay(&*transport, &"x".repeat(194), "x", MILLI).await.unwrap_err();
    assert!(matches!(name.kind(), PublishErrorKind::TooLarge { limit: 193, .. }), "{name}");
    let year = MILLI * 16 * 0x7fff_ffff;
    delay(&*transport, &queue, "x", year).await.unwrap();
    delay(&*transport, &queue, "x", year + MILLI).await.unwrap_err();
}
