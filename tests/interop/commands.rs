//! Commands, at once and deferred.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::{
    probe::probe,
    services::{Billing, PickGoods},
    site::Site,
};

#[tokio::test]
async fn a_python_command_without_type_goes_to_the_untyped_handler() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": 1}})).await;
    let charge = heard.next().await;
    assert_eq!((charge.handler, charge.body()), ("charge", json!({"number": 1})));
}

#[tokio::test]
async fn a_python_command_with_a_type_goes_to_the_handler_of_its_type() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    for (message_type, handler) in [("billing.Refund", "refund"), ("ChargeCard", "charge")] {
        let payload = json!({"number": 1});
        let order =
            json!({"do": "Send", "queue": "billing", "payload": payload, "messageType": message_type});
        python.order(order).await;
        assert_eq!(heard.next().await.handler, handler);
    }
}

#[tokio::test]
async fn a_rust_command_reaches_a_python_service() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    let bus = site.bus().start().await.unwrap();
    bus.send(PickGoods { number: 1 }).await.unwrap();
    let picked = python.handled().await;
    assert_eq!(picked["payload"], json!({"number": 1}));
    assert_eq!(
        picked["headers"].get("PikaBus.ReplyToAddress"),
        None,
        "a bus without endpoint awaits nothing"
    );
}

/// PikaBus only writes when the message is due: to wait is up to the receiver.
#[tokio::test]
async fn a_message_that_python_defers_is_handled_once_and_not_before_its_time() {
    let Some(site) = Site::open().await else { return };
    assert_deferred(&site, json!({})).await;
}

#[tokio::test]
async fn a_message_deferred_in_the_form_of_pikabus_1_waits_as_well() {
    let Some(site) = Site::open().await else { return };
    assert_deferred(&site, json!({"time_format": "%m/%d/%Y %H:%M:%S"})).await;
}

async fn assert_deferred(site: &Site, options: Value) {
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(options).await;
    python.order(json!({"do": "Defer", "queue": "billing", "payload": {"number": 1}, "delay": 3})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": 2}})).await;

    assert_eq!(heard.next().await.body(), json!({"number": 2}), "it holds up nobody");
    let deferred = heard.next().await;
    let now = SystemTime::now();
    assert_eq!(deferred.body(), json!({"number": 1}));
    assert!(now >= deferred.facts().deferred_time().unwrap().unwrap());
    bus.shutdown().await.unwrap();
    heard.assert_idle();
    assert_eq!(site.depth("billing").await, Some(0));
}
