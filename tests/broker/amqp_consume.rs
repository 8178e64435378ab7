//! Consuming: everything comes once, is settled once, and comes again if it was not.

use std::time::Duration;

use leveret::{
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    transport::{Outgoing, Settlement, TransportErrorKind},
};
use tokio::time::{Instant, timeout};

use crate::amqp_support::{PATIENCE, body, connect, next, queue, quorum, send, take, unique, until};

#[tokio::test]
async fn a_message_comes_back_as_it_was_sent() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut properties = Properties::default();
    properties.content_type = Some("application/json".into());
    properties.content_encoding = Some("utf-8".into());
    properties.persistent = true;
    properties.priority = Some(4);
    properties.correlation_id = Some("correlation".into());
    properties.reply_to = Some("replies".into());
    properties.message_id = Some("id".into());
    properties.timestamp = Some(1_700_000_000);
    properties.kind = Some("shop.Order".into());
    properties.app_id = Some("app".into());
    let inner = Headers::from_iter([("ключ", Value::from("значение")), ("void", Value::Void)]);
    let headers = Headers::from_iter([
        ("text", Value::from("wörld ✓")),
        ("bytes", Value::Bytes(vec![0, 159, 146])),
        ("i64", Value::I64(i64::MIN)),
        ("bool", true.into()),
        ("f64", Value::F64(-0.5)),
        ("time", Value::Timestamp(1_700_000_000)),
        ("array", Value::Array(vec![1_i32.into(), inner.clone().into(), Value::Array(vec![])])),
        ("table", inner.into()),
    ]);
    let envelope = Envelope::new(properties, headers, "{\"a\":1}");
    let outgoing = Outgoing::new("", &*queue, envelope.clone(), Instant::now() + PATIENCE);
    transport.publisher().publish(outgoing).await.unwrap();

    let mut consumer = transport.consume(&queue, 10).await.unwrap();
    let incoming = next(&mut *consumer).await;
    let received = &incoming.received;
    assert_eq!(received.envelope, envelope);
    assert_eq!((&*received.exchange, &*received.routing_key, &*received.queue), ("", &*queue, &*queue));
    assert!(!received.redelivered);
    assert!(received.epoch > 0);
    incoming.unsettled.settle(Settlement::Done);
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn what_is_not_settled_comes_again_and_what_is_rejected_does_not() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for body in ["done", "returned", "rejected", "dropped", "kept"] {
        send(&*transport, &queue, body).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let mut kept = Vec::new();
    for _ in 0..5 {
        let incoming = next(&mut *consumer).await;
        match &*body(&incoming) {
            "done" => incoming.unsettled.settle(Settlement::Done),
            "returned" => incoming.unsettled.settle(Settlement::Return),
            "rejected" => incoming.unsettled.settle(Settlement::Reject),
            "dropped" => drop(incoming),
            _ => kept.push(incoming),
        }
    }
    let mut again = vec![take(&mut *consumer).await, take(&mut *consumer).await];
    again.sort();
    assert_eq!(again, ["dropped", "returned"]);
    consumer.close().await;
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let last = next(&mut *consumer).await;
    assert_eq!(body(&last), "kept");
    assert!(last.received.redelivered);
    drop(kept);
    last.unsettled.settle(Settlement::Done);
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_slow_message_does_not_hold_up_the_acks_behind_it() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for i in 0..200 {
        send(&*transport, &queue, &i.to_string()).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 8).await.unwrap();
    let slow = next(&mut *consumer).await;
    for _ in 1..200 {
        take(&mut *consumer).await;
    }
    slow.unsettled.settle(Settlement::Done);
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_cancelled_consumer_hands_out_the_rest_and_ends() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for i in 0..20 {
        send(&*transport, &queue, &i.to_string()).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let first = next(&mut *consumer).await;
    until("consuming", async || transport.status().consumers.contains(&queue)).await;
    consumer.cancel().await;
    let mut taken = 1;
    first.unsettled.settle(Settlement::Done);
    while let Some(incoming) = timeout(PATIENCE, consumer.next()).await.expect("it does not end") {
        incoming.unsettled.settle(Settlement::Done);
        taken += 1;
    }
    assert!(taken <= 7, "{taken} came although no more were wanted");
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 20 - taken);
    until("not consuming", async || transport.status().consumers.is_empty()).await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn closing_returns_what_was_not_begun() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    for i in 0..50 {
        send(&*transport, &queue, &i.to_string()).await.unwrap();
    }
    let mut consumer = transport.consume(&queue, 20).await.unwrap();
    let begun = next(&mut *consumer).await;
    begun.unsettled.settle(Settlement::Done);
    consumer.close().await;
    until("the rest is back", async || transport.queue_depth(&queue).await.unwrap() == 49).await;
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn one_message_can_be_pulled() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    assert!(transport.get(&queue).await.unwrap().is_none());
    send(&*transport, &queue, "pulled").await.unwrap();
    let incoming = transport.get(&queue).await.unwrap().unwrap();
    assert_eq!(body(&incoming), "pulled");
    drop(incoming);
    until("it is back", async || transport.queue_depth(&queue).await.unwrap() == 1).await;
    let incoming = transport.get(&queue).await.unwrap().unwrap();
    assert!(incoming.received.redelivered);
    incoming.unsettled.settle(Settlement::Done);
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_named() {
    let transport = connect().await;
    let missing = unique("missing");
    let errors = [
        transport.consume(&missing, 1).await.err(),
        transport.get(&missing).await.err(),
        transport.queue_depth(&missing).await.err(),
    ];
    for error in errors {
        let error = error.unwrap();
        assert!(matches!(error.kind(), TransportErrorKind::NotFound { .. }), "{error}");
        assert!(error.to_string().contains(&missing) && error.to_string().contains("no queue"), "{error}");
    }
    transport.delete_queue(&missing).await.unwrap();
    let status = transport.status();
    assert!(status.consuming.is_connected(), "{status:?}");
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_message_that_was_returned_ten_times_is_taken_alone() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    send(&*transport, &queue, "poison").await.unwrap();
    for _ in 0..10 {
        let mut consumer = transport.consume(&queue, 1).await.unwrap();
        let held = next(&mut *consumer).await;
        // A channel that closes counts on every generation; on 4.3 a return does not.
        consumer.close().await;
        drop(held);
    }
    send(&*transport, &queue, "innocent").await.unwrap();
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let first = next(&mut *consumer).await;
    assert_eq!(body(&first), "poison");
    let returns = first.received.envelope.headers.get("x-delivery-count").and_then(Value::as_integer);
    assert_eq!(returns, Some(10));
    assert!(timeout(Duration::from_millis(300), consumer.next()).await.is_err(), "another one was taken");
    first.unsettled.settle(Settlement::Done);
    assert_eq!(take(&mut *consumer).await, "innocent");
    consumer.close().await;
    transport.delete_queue(&queue).await.unwrap();
    transport.close(Duration::from_secs(5)).await;
}
