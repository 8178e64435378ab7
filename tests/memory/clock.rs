//! Delays and expiries on tokio's clock: paused, they take no time.

use std::time::Duration;

use leveret::{
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    memory::MemoryBroker,
    topology::{Queue, Topology},
    transport::{Consumer, Outgoing, PublishErrorKind, Settlement, Transport},
};
use tokio::time::Instant;

async fn declare(transport: &dyn Transport, name: &str, arguments: &[(&str, Value)]) {
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(name, arguments.iter().cloned().collect()));
    transport.declare(&topology).await.unwrap();
}

fn outgoing(queue: &str, body: &'static str, delay: Option<Duration>) -> Outgoing {
    let envelope = Envelope::new(Properties::default(), Headers::new(), body);
    let mut outgoing = Outgoing::new("", queue, envelope, Instant::now() + Duration::from_secs(30));
    outgoing.delay = delay;
    outgoing
}

async fn take(consumer: &mut Box<dyn Consumer>) -> String {
    let incoming = consumer.next().await.unwrap();
    incoming.unsettled.settle(Settlement::Done);
    String::from_utf8(incoming.received.envelope.body.to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn delayed_messages_arrive_when_they_are_due() {
    let transport = MemoryBroker::new().connect();
    declare(&*transport, "q", &[]).await;
    let started = Instant::now();
    let publisher = transport.publisher();
    let hour = Duration::from_secs(3600);
    for (body, delay) in [("2 h", 2 * hour), ("1 h", hour), ("now", Duration::ZERO), ("1 h, later", hour)] {
        publisher.publish(outgoing("q", body, Some(delay))).await.unwrap();
    }
    assert_eq!(transport.queue_depth("q").await.unwrap(), 1);
    let mut consumer = transport.consume("q", 10).await.unwrap();
    for (body, at) in [("now", Duration::ZERO), ("1 h", hour), ("1 h, later", hour), ("2 h", 2 * hour)] {
        assert_eq!(take(&mut consumer).await, body);
        let elapsed = started.elapsed();
        assert!((at..at + Duration::from_secs(1)).contains(&elapsed), "{body} after {elapsed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_wakes_a_consumer_that_waits_already() {
    let broker = MemoryBroker::new();
    let transport = broker.connect();
    declare(&*transport, "q", &[]).await;
    let mut consumer = transport.consume("q", 1).await.unwrap();
    let waiting = tokio::spawn(async move { take(&mut consumer).await });
    tokio::task::yield_now().await;
    let minute = Duration::from_secs(60);
    broker.connect().publisher().publish(outgoing("q", "later", Some(minute))).await.unwrap();
    assert_eq!(waiting.await.unwrap(), "later");
}

#[tokio::test(start_paused = true)]
async fn a_delay_without_a_destination_is_unroutable() {
    let transport = MemoryBroker::new().connect();
    let later = outgoing("nobody", "later", Some(Duration::from_secs(1)));
    let error = transport.publisher().publish(later).await.unwrap_err();
    let expected = PublishErrorKind::Unroutable { exchange: String::new(), routing_key: "nobody".to_owned() };
    assert_eq!(error.kind(), &expected);
}

#[tokio::test(start_paused = true)]
async fn an_expired_message_reaches_who_waits_for_dead_letters() {
    let transport = MemoryBroker::new().connect();
    declare(&*transport, "dead", &[]).await;
    let arguments = [
        ("x-message-ttl", Value::I32(86_400_000)),
        ("x-dead-letter-exchange", "".into()),
        ("x-dead-letter-routing-key", "dead".into()),
    ];
    declare(&*transport, "parked", &arguments).await;
    let mut consumer = transport.consume("dead", 1).await.unwrap();
    transport.publisher().publish(outgoing("parked", "a day", None)).await.unwrap();
    let started = Instant::now();
    assert_eq!(take(&mut consumer).await, "a day");
    assert!(started.elapsed() >= Duration::from_secs(86_400));
}

/// A loop of sends never waits for anything, and still lets others run.
#[tokio::test]
async fn a_busy_publisher_lets_others_run() {
    let transport = MemoryBroker::new().connect();
    declare(&*transport, "q", &[]).await;
    let mut consumer = transport.consume("q", 1).await.unwrap();
    let consuming = tokio::spawn(async move { take(&mut consumer).await });
    while !consuming.is_finished() {
        transport.publisher().publish(outgoing("q", "again", None)).await.unwrap();
    }
    assert_eq!(consuming.await.unwrap(), "again");
}
