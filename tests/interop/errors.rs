//! One error queue for both, whoever declares it first.

use std::time::Duration;

use leveret::{AnyMessage, Bus, RetryPolicy, headers::Value};
use serde_json::json;

use crate::{
    probe::{Listener, probe},
    python::Python,
    services::{Billing, ChargeCard, PickGoods},
    site::Site,
};

#[tokio::test]
async fn both_fail_into_the_error_queue_that_rust_declared() {
    let Some(site) = Site::open().await else { return };
    let (bus, heard) = failing_rust(&site).await;
    assert_eq!(site.depth("error").await, Some(0), "declared at the start");
    let python = failing_python(&site).await;
    bus.send(PickGoods { number: 1 }).await.unwrap();
    bus.send(ChargeCard { number: 2 }).await.unwrap();
    assert_both_failed(&site, &bus, heard, python).await;
}

#[tokio::test]
async fn both_fail_into_the_error_queue_that_python_declared() {
    let Some(site) = Site::open().await else { return };
    let mut python = failing_python(&site).await;
    assert_eq!(site.depth("error").await, None);
    python.order(json!({"do": "Send", "queue": "warehouse", "payload": {"number": 1}})).await;
    site.until_depth("error", 1).await;
    let (bus, heard) = failing_rust(&site).await;
    bus.send(ChargeCard { number: 2 }).await.unwrap();
    assert_both_failed(&site, &bus, heard, python).await;
}

#[tokio::test]
async fn a_python_command_that_does_not_fit_the_contract_fails_at_once() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": "one"}})).await;
    site.until_depth("error", 1).await;
    let message = pull(&bus).await;
    let header =
        |name: &str| message.headers().get(&format!("PikaBus.{name}")).and_then(Value::to_text).unwrap();
    assert!(header("ErrorDetails").contains("expected u32"), "{}", header("ErrorDetails"));
    assert_eq!((&*header("ErrorRetries"), &*header("SourceQueue")), ("1", "billing"));
    heard.assert_idle();
}

/// Every message fails; each is tried twice.
async fn failing_rust(site: &Site) -> (Bus, Listener) {
    let (probe, heard) = probe();
    let retry = RetryPolicy::fixed(Duration::from_millis(10)).max_retries(1);
    let bus = site.bus().endpoint(Billing(probe.failing(u32::MAX))).retry(retry).start().await.unwrap();
    (bus, heard)
}

async fn failing_python(site: &Site) -> Python {
    site.python(json!({"queue": "warehouse", "handler": "fail", "retries": 1})).await
}

async fn assert_both_failed(site: &Site, bus: &Bus, mut heard: Listener, mut python: Python) {
    site.until_depth("error", 2).await;
    let mut messages = [pull(bus).await, pull(bus).await];
    messages.sort_by_key(|message| message.body().to_vec());
    let [by_python, by_rust] = messages;
    assert_failed(&by_python, 1, "warehouse", "the Python handler fails");
    assert_failed(&by_rust, 2, "billing", "the Rust handler fails");

    for _ in 0..2 {
        assert_eq!(python.handled().await["payload"], json!({"number": 1}));
        assert_eq!(heard.next().await.body(), json!({"number": 2}));
    }
    // Stopped, so that what they hold would be back in the queues.
    python.order(json!({"do": "stop"})).await;
    bus.shutdown().await.unwrap();
    python.assert_idle();
    heard.assert_idle();
    for queue in ["error", "warehouse", "billing"] {
        assert_eq!(site.depth(queue).await, Some(0), "{queue}");
    }
}

fn assert_failed(message: &AnyMessage, number: u32, queue: &str, reason: &str) {
    assert_eq!(message.json::<serde_json::Value>().unwrap(), json!({"number": number}));
    let header = |name: &str| message.headers().get(&format!("PikaBus.{name}")).cloned().unwrap();
    let details = header("ErrorDetails");
    assert!(details.as_str().unwrap().contains(reason), "{details:?}");
    assert_eq!(header("SourceQueue").as_str(), Some(queue));
    assert_eq!(header("ErrorRetries").as_integer(), Some(2));
    assert!(message.facts().message_id().is_some() && message.facts().intent().is_some());
}

async fn pull(bus: &Bus) -> AnyMessage {
    bus.get("error").await.unwrap().unwrap().ack()
}
