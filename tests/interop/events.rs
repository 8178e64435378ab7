//! Events, by topic.

use serde_json::json;

use crate::{
    probe::probe,
    services::{Audit, Billing, OrderPlaced},
    site::Site,
};

#[tokio::test]
async fn a_python_event_without_type_goes_to_the_handler_of_its_topic() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    python.order(json!({"do": "Publish", "topic": "orders.placed", "payload": {"number": 1}})).await;
    let placed = heard.next().await;
    assert_eq!((placed.handler, placed.body()), ("order_placed", json!({"number": 1})));
}

#[tokio::test]
async fn a_python_event_without_contract_goes_to_the_handler_of_everything_on_its_topic() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Audit(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    let event =
        json!({"do": "Publish", "topic": "weather.north.rain", "payload": {"mm": 3}, "messageType": "Rain"});
    python.order(event).await;
    let rain = heard.next().await;
    assert_eq!((rain.handler, rain.body()), ("weather", json!({"mm": 3})));
    assert_eq!(rain.facts().topic(), "weather.north.rain");
}

#[tokio::test]
async fn a_rust_event_reaches_the_python_services_that_subscribe() {
    let Some(site) = Site::open().await else { return };
    let mut exact = site.python(json!({"queue": "warehouse", "topics": ["orders.placed"]})).await;
    let mut pattern = site.python(json!({"queue": "audit", "topics": ["#"]})).await;
    let bus = site.bus().start().await.unwrap();
    bus.publish(OrderPlaced { number: 1 }).await.unwrap();
    assert_eq!(exact.handled().await["payload"], json!({"number": 1}));
    assert_eq!(pattern.handled().await["payload"], json!({"number": 1}));
}

#[tokio::test]
async fn rust_stops_hearing_what_it_unsubscribes_from() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    bus.unsubscribe::<OrderPlaced>().await.unwrap();
    let event = |number: u32| json!({"do": "Publish", "topic": "orders.placed", "payload": {"number": number}, "mandatory": false});
    python.order(event(1)).await;
    bus.subscribe::<OrderPlaced>().await.unwrap();
    python.order(event(2)).await;
    assert_eq!(heard.next().await.body(), json!({"number": 2}));
}
