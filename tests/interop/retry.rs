//! A message that failed comes back to the same handler, whichever side it failed on.

use std::time::Duration;

use leveret::{QueueOptions, RetryPolicy};
use serde_json::json;

use crate::{probe::probe, services::Billing, site::Site};

#[tokio::test]
async fn a_python_event_that_fails_in_rust_comes_back_to_the_same_handler() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let retry = RetryPolicy::fixed(Duration::from_millis(10));
    let bus = site.bus().endpoint(Billing(probe.failing(1))).retry(retry).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    python.order(json!({"do": "Publish", "topic": "orders.placed", "payload": {"number": 1}})).await;
    for attempt in [1, 2] {
        let placed = heard.next().await;
        assert_eq!((placed.handler, placed.attempt), ("order_placed", attempt));
    }
    bus.shutdown().await.unwrap();
    heard.assert_idle();
    assert_eq!(site.depth("error").await, Some(0));
}

/// The retry copy of PikaBus says that it is an event, and has neither type nor topic: its key is the queue. It is due
/// long after Rust has it, so it is parked, and comes by the delay.
#[tokio::test]
async fn a_python_event_that_fails_in_python_comes_back_to_the_same_handler_of_rust() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).queue(QueueOptions::plain()).start().await.unwrap();
    bus.pause().await.unwrap();
    let options = json!({"queue": "billing", "handler": "fail_and_stop", "retries": 3, "retry_delay": 5, "prefetch": 1});
    let mut python = site.python(options).await;
    python.order(json!({"do": "Publish", "topic": "orders.placed", "payload": {"number": 1}})).await;
    assert_eq!(python.handled().await["payload"], json!({"number": 1}));
    python.order(json!({"do": "stop"})).await;
    bus.resume().await.unwrap();

    let placed = heard.next().await;
    assert_eq!((placed.handler, placed.attempt, placed.body()), ("order_placed", 2, json!({"number": 1})));
    assert!(placed.received.exchange.starts_with("leveret.delay."), "{:?}", placed.received);
    assert!(placed.received.routing_key.ends_with("billing"), "{:?}", placed.received);
    assert_eq!(placed.header("PikaBus.Intent"), "event");
    assert_eq!(placed.header("PikaBus.ErrorRetries"), "1");
    assert!(placed.header("PikaBus.ErrorDetails").contains("the Python handler fails"));
    assert_eq!(placed.facts().message_type(), None);
    assert_eq!(placed.facts().event_topic(), None);
    bus.shutdown().await.unwrap();
    python.assert_idle();
    assert_eq!(site.depth("error").await, Some(0));
}
