//! Who declares a queue first, and how the other finds it.

use leveret::QueueOptions;
use serde_json::{Value, json};

use crate::{
    probe::probe,
    services::{Billing, ChargeCard},
    site::Site,
};

/// The arguments of an endpoint's queue as the book gives them to Python (design §4).
fn frozen_arguments() -> Value {
    json!({
        "x-queue-type": "quorum",
        "x-delivery-limit": 20,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "error",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    })
}

#[tokio::test]
async fn python_consumes_a_queue_that_rust_declared() {
    let Some(site) = Site::open().await else { return };
    let rust = site.bus().endpoint(Billing(probe().0)).start().await.unwrap();
    rust.shutdown().await.unwrap();
    let mut python = site.python(json!({"queue": "billing", "arguments": frozen_arguments()})).await;
    let client = site.bus().start().await.unwrap();
    client.send(ChargeCard { number: 1 }).await.unwrap();
    assert_eq!(python.handled().await["payload"], json!({"number": 1}));
}

#[tokio::test]
async fn rust_consumes_a_queue_that_python_declared_with_the_same_arguments() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "billing", "arguments": frozen_arguments()})).await;
    python.order(json!({"do": "stop"})).await;
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    python.order(json!({"do": "Send", "payload": {"number": 1}})).await;
    assert_eq!(heard.next().await.body(), json!({"number": 1}));
}

#[tokio::test]
async fn python_is_refused_a_queue_that_rust_declared_with_other_arguments() {
    let Some(site) = Site::open().await else { return };
    let _bus = site.bus().endpoint(Billing(probe().0)).start().await.unwrap();
    let refused = site.try_python(json!({"queue": "billing"})).await.unwrap_err();
    assert!(refused.0.contains("PRECONDITION_FAILED") && refused.0.contains("billing"), "{refused:?}");
}

#[tokio::test]
async fn rust_names_the_arguments_that_a_queue_of_python_lacks() {
    let Some(site) = Site::open().await else { return };
    let _python = site.python(json!({"queue": "billing"})).await;
    let error = site.bus().endpoint(Billing(probe().0)).start().await.unwrap_err().to_string();
    for part in ["billing", "x-queue-type", "quorum"] {
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn rust_adopts_a_queue_of_python() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "billing"})).await;
    python.order(json!({"do": "stop"})).await;
    let (probe, mut heard) = probe();
    let queue = QueueOptions::quorum().adopt();
    let _bus = site.bus().endpoint(Billing(probe)).queue(queue).start().await.unwrap();
    python.order(json!({"do": "Send", "payload": {"number": 1}})).await;
    assert_eq!(heard.next().await.body(), json!({"number": 1}));
}
