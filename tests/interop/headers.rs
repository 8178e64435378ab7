//! Every header and property of design §2, in both directions and both forms of time.

use std::time::{Duration, SystemTime};

use leveret::envelope::{Intent, Names, TimeFormat};
use serde_json::{Value, json};

use crate::{
    probe::{Heard, probe},
    services::{Billing, OrderPlaced, PickGoods, Picked, Shop},
    site::Site,
};

const PIKABUS_1_TIME: &str = "%m/%d/%Y %H:%M:%S";

/// Far more than a message takes, and less than any zone's offset.
const NEARLY_NOW: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_python_command_says_all_that_rust_reads() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": 1}})).await;

    let charge = heard.next().await;
    assert_eq!((charge.handler, charge.attempt, charge.body()), ("charge", 1, json!({"number": 1})));
    assert_common(&charge);
    assert_eq!(charge.facts().intent(), Some(Intent::Command));
    assert_eq!(charge.facts().message_type(), None);
    assert_eq!(charge.facts().topic(), "billing");
    assert_eq!(charge.received.exchange, "PikaBusDirect");
    assert_eq!(charge.received.envelope.properties.kind, None);
}

#[tokio::test]
async fn a_python_event_says_all_that_rust_reads() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    let event = json!({"do": "Publish", "topic": "orders.placed", "payload": {"number": 1},
                       "messageType": "OrderPlaced", "headers": {"shop": "north"}});
    python.order(event).await;

    let placed = heard.next().await;
    assert_eq!((placed.handler, placed.body()), ("order_placed", json!({"number": 1})));
    assert_common(&placed);
    assert_eq!(placed.facts().intent(), Some(Intent::Event));
    assert_eq!(placed.facts().message_type().as_deref(), Some("OrderPlaced"));
    assert_eq!(placed.facts().topic(), "orders.placed");
    assert_eq!(placed.received.exchange, "PikaBusTopic");
    assert_eq!(placed.received.envelope.properties.kind.as_deref(), Some("OrderPlaced"));
    assert_eq!(placed.header("shop"), "north");
}

/// What the Python service `warehouse` writes into every message, as headers and as properties.
fn assert_common(heard: &Heard) {
    let facts = heard.facts();
    assert_eq!(facts.message_id().unwrap().len(), 36, "a uuid");
    assert_eq!(facts.correlation_id().unwrap().len(), 36, "a uuid");
    assert_eq!(facts.reply_to().as_deref(), Some("warehouse"));
    assert_eq!(facts.originating_address().as_deref(), Some("warehouse"));
    assert_eq!(facts.content_type().as_deref(), Some("application/json"));
    assert_eq!(heard.header("PikaBus.ContentEncoding"), "utf-8");
    assert!(heard.header("PikaBus.TimeSent").ends_with("+00:00"));
    assert_nearly_now(facts.time_sent().unwrap().into());

    let properties = &heard.received.envelope.properties;
    assert_eq!(properties.message_id.as_deref(), Some(&*heard.header("PikaBus.MessageId")));
    assert_eq!(properties.correlation_id.as_deref(), Some(&*heard.header("PikaBus.CorrelationId")));
    assert_eq!(properties.reply_to.as_deref(), Some(&*heard.header("PikaBus.ReplyToAddress")));
    assert_eq!(properties.content_type.as_deref(), Some(&*heard.header("PikaBus.ContentType")));
    assert_eq!(properties.content_encoding.as_deref(), Some(&*heard.header("PikaBus.ContentEncoding")));
    assert!(properties.persistent);
    assert_nearly_now(SystemTime::UNIX_EPOCH + Duration::from_secs(properties.timestamp.unwrap()));
}

#[tokio::test]
async fn a_rust_command_says_all_that_python_reads() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    let bus = site.bus().endpoint(Shop(probe().0)).start().await.unwrap();
    bus.send(PickGoods { number: 1 }).header("shop", "north").await.unwrap();

    let picked = python.handled().await;
    assert_eq!(picked["payload"], json!({"number": 1}));
    assert_stamped(&picked, "command", "PickGoods");
    assert_eq!(picked["headers"]["shop"], "north");
}

#[tokio::test]
async fn a_rust_event_says_all_that_python_reads() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "warehouse", "topics": ["orders.*"]})).await;
    let bus = site.bus().endpoint(Shop(probe().0)).start().await.unwrap();
    bus.publish(OrderPlaced { number: 1 }).await.unwrap();

    let placed = python.handled().await;
    assert_eq!(placed["payload"], json!({"number": 1}));
    assert_stamped(&placed, "event", "OrderPlaced");
}

/// What the Rust service `shop` writes into every message, as headers and as properties.
fn assert_stamped(handled: &Value, intent: &str, message_type: &str) {
    let (headers, properties) = (&handled["headers"], &handled["properties"]);
    assert_eq!(headers["PikaBus.Intent"], intent);
    assert_eq!(headers["PikaBus.ReplyToAddress"], "shop");
    assert_eq!(headers["PikaBus.OriginatingAddress"], "shop");
    assert_eq!(headers["PikaBus.ContentType"], "application/json");
    assert_eq!(headers["PikaBus.ContentEncoding"], "utf-8");
    assert_eq!(headers["PikaBus.MessageType"], message_type);
    assert_eq!(headers["PikaBus.MessageId"].as_str().unwrap().len(), 36, "a uuid");
    assert_eq!(headers["PikaBus.CorrelationId"].as_str().unwrap().len(), 36, "a uuid");
    assert!(headers["PikaBus.TimeSent"].as_str().unwrap().ends_with("+00:00"));
    assert_nearly_now(time_sent(handled));

    let same = [
        ("message_id", "MessageId"),
        ("correlation_id", "CorrelationId"),
        ("reply_to", "ReplyToAddress"),
        ("content_type", "ContentType"),
        ("content_encoding", "ContentEncoding"),
        ("type", "MessageType"),
    ];
    for (property, header) in same {
        assert_eq!(properties[property], headers[format!("PikaBus.{header}")], "{property}");
    }
    assert_eq!(properties["delivery_mode"], 2);
    // As Python prints it: the property has whole seconds.
    let seconds = |text: &Value| text.as_str().unwrap().replace('T', " ")[..19].to_owned();
    assert_eq!(seconds(&properties["timestamp"]), seconds(&headers["PikaBus.TimeSent"]));
}

#[tokio::test]
async fn rust_reads_the_time_of_pikabus_1() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"time_format": PIKABUS_1_TIME})).await;
    python.order(json!({"do": "Send", "queue": "billing", "payload": {"number": 1}})).await;

    let charge = heard.next().await;
    assert_eq!(charge.header("PikaBus.TimeSent").len(), "08/07/2026 16:32:19".len());
    assert_nearly_now(charge.facts().time_sent().unwrap().into());
}

#[tokio::test]
async fn python_reads_the_time_of_pikabus_1_that_rust_writes() {
    let Some(site) = Site::open().await else { return };
    let mut python = site.python(json!({"queue": "warehouse", "time_format": PIKABUS_1_TIME})).await;
    let bus = site.bus().time_format(TimeFormat::PikaBus1).start().await.unwrap();
    bus.send(PickGoods { number: 1 }).await.unwrap();

    let picked = python.handled().await;
    assert_eq!(picked["headers"]["PikaBus.TimeSent"].as_str().unwrap().len(), "08/07/2026 16:32:19".len());
    assert_nearly_now(time_sent(&picked));
}

#[tokio::test]
async fn both_use_the_same_prefix_of_their_own() {
    let Some(site) = Site::open().await else { return };
    let options = json!({"queue": "warehouse", "prefix": "Acme", "handler": "reply", "answer": {"boxes": 3}});
    let mut python = site.python(options).await;
    let bus = site.bus().header_prefix("Acme.").start().await.unwrap();
    let picked = bus.request(PickGoods { number: 1 }).await.unwrap();
    assert_eq!(picked, Picked { boxes: 3 });

    let headers = &python.handled().await["headers"];
    assert_eq!(headers["Acme.Intent"], "command");
    assert!(headers.as_object().unwrap().keys().all(|name| !name.starts_with("PikaBus.")), "{headers}");
}

#[tokio::test]
async fn rust_reads_a_prefix_of_pythons_own() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().header_prefix("Acme.").endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"queue": "warehouse", "prefix": "Acme"})).await;
    let order =
        json!({"do": "Send", "queue": "billing", "payload": {"number": 1}, "messageType": "billing.Refund"});
    python.order(order).await;

    let refund = heard.next().await;
    assert_eq!(refund.handler, "refund");
    let names = Names::with_prefix("Acme.");
    assert_eq!(refund.received.facts(&names).originating_address().as_deref(), Some("warehouse"));
}

/// The property stands in for the header: Python's AMQP client makes up a message id where there is none.
#[tokio::test]
async fn ids_may_be_missing() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let _bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({"queue": "warehouse"})).await;
    let without = json!({"PikaBus.MessageId": null, "PikaBus.CorrelationId": null});
    python
        .order(json!({"do": "Send", "queue": "billing", "payload": {"number": 1}, "headers": without}))
        .await;

    let charge = heard.next().await;
    let property = charge.received.envelope.properties.message_id.as_deref().unwrap();
    assert_eq!(charge.header("PikaBus.MessageId"), "");
    assert_eq!(charge.facts().message_id().as_deref(), Some(property));
    assert_eq!(charge.facts().correlation_id(), None);
    let reply = python.handled().await;
    assert_eq!(reply["payload"], json!({"number": 1, "authorised": true}));
    assert_eq!(reply["headers"]["PikaBus.InReplyTo"], property);
    assert_eq!(reply["headers"]["PikaBus.CorrelationId"], reply["headers"]["PikaBus.MessageId"]);
}

/// As a script sends it that knows no bus at all.
#[tokio::test]
async fn a_bare_message_goes_to_the_untyped_handler() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).start().await.unwrap();
    let mut python = site.python(json!({})).await;
    python.order(json!({"do": "bare", "queue": "billing", "payload": {"number": 1}})).await;

    let charge = heard.next().await;
    assert_eq!((charge.handler, charge.body()), ("charge", json!({"number": 1})));
    assert!(charge.received.envelope.headers.is_empty());
    bus.shutdown().await.unwrap();
    assert_eq!(bus.counts().replies_dropped, 1, "nobody awaits one");
    assert_eq!(site.depth("error").await, Some(0));
}

fn time_sent(handled: &Value) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs_f64(handled["time_sent"].as_f64().unwrap())
}

fn assert_nearly_now(time: SystemTime) {
    let now = SystemTime::now();
    let away = now.duration_since(time).unwrap_or_else(|ahead| ahead.duration());
    assert!(away < NEARLY_NOW, "{time:?} is {away:?} away");
}
