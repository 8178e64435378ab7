//! What is published arrives as it was.

use leveret::{
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    topology::ExchangeKind,
    transport::Settlement,
};

use super::{
    Harness,
    steps::{bound, next, plain_queue, publish, to},
};

async fn arrives_unchanged(h: &Harness, envelope: Envelope) {
    let (transport, queue) = (h.connect().await, h.name("round-trip"));
    plain_queue(&*transport, &queue).await;
    transport.publisher().publish(to("", &queue, envelope.clone())).await.unwrap();
    let (received, _unsettled) = next(&mut transport.consume(&queue, 1).await.unwrap()).await;
    assert_eq!(received.envelope, envelope);
}

/// Each AMQP property comes back, but the user: the broker refuses a foreign one, so none is sent.
pub async fn every_property(h: &Harness) {
    let text = |value: &str| Some(value.into());
    let mut properties = Properties::default();
    properties.content_type = text("application/json");
    properties.content_encoding = text("utf-8");
    properties.persistent = true;
    properties.priority = Some(5);
    properties.correlation_id = text("correlation");
    properties.reply_to = text("reply-to");
    properties.expiration = text("3600000");
    properties.message_id = text("message");
    properties.timestamp = Some(1_786_119_139);
    properties.kind = text("billing.ChargeCard");
    properties.app_id = text("conformance");
    arrives_unchanged(h, Envelope::new(properties, Headers::new(), "{}")).await;
    arrives_unchanged(h, Envelope::default()).await;
}

/// Each type of value comes back as the same type, at its limits, in tables and arrays within each other.
pub async fn every_kind_of_header(h: &Harness) {
    let mut values = vec![
        ("void", Value::Void),
        ("true", Value::Bool(true)),
        ("i8", Value::I8(i8::MIN)),
        ("u8", Value::U8(u8::MAX)),
        ("i16", Value::I16(i16::MIN)),
        ("u16", Value::U16(u16::MAX)),
        ("i32", Value::I32(i32::MIN)),
        ("u32", Value::U32(u32::MAX)),
        ("i64", Value::I64(i64::MIN)),
        ("f32", Value::F32(1.5)),
        ("f64", Value::F64(-0.1)),
        ("decimal", Value::Decimal { scale: 2, value: 314 }),
        ("text", Value::from("text")),
        ("empty text", Value::from("")),
        ("bytes", Value::Bytes(vec![0, 159, 255])),
        ("timestamp", Value::Timestamp(1_786_119_139)),
        ("empty array", Value::Array(Vec::new())),
        ("empty table", Value::Table(Headers::new())),
    ];
    let array = Value::Array(values.iter().map(|(_, value)| value.clone()).collect());
    let table = Value::Table(values.iter().cloned().collect());
    values.push(("nested", Value::Array(vec![array.clone(), table.clone()])));
    values.push(("table", Value::Table(Headers::from_iter([("array", array), ("table", table)]))));
    arrives_unchanged(h, Envelope::new(Properties::default(), values.into_iter().collect(), "")).await;
}

/// Names and values are UTF-8, as are queues, exchanges and keys.
pub async fn unicode_everywhere(h: &Harness) {
    let transport = h.connect().await;
    let (queue, exchange) = (h.name("häschen-兔子"), h.name("обмен"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "grün.*")]).await;
    let inner = Headers::from_iter([("schlüssel", "🐇")]);
    let headers = Headers::from_iter([("größe", Value::from("日本語")), ("tabelle", inner.into())]);
    let mut properties = Properties::default();
    properties.message_id = Some("идентификатор".into());
    let envelope = Envelope::new(properties, headers, "тело 🐰");
    transport.publisher().publish(to(&exchange, "grün.é", envelope.clone())).await.unwrap();
    let (received, _unsettled) = next(&mut transport.consume(&queue, 1).await.unwrap()).await;
    assert_eq!(received.envelope, envelope);
    assert_eq!((&*received.exchange, &*received.routing_key), (&*exchange, "grün.é"));
}

/// A body may have no bytes.
pub async fn an_empty_body(h: &Harness) {
    arrives_unchanged(h, Envelope::new(Properties::default(), Headers::from_iter([("a", "b")]), "")).await;
}

/// A body of many frames comes back byte for byte.
pub async fn a_body_of_a_megabyte(h: &Harness) {
    let body: Vec<u8> =
        (0_u32..1024 * 1024).map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    arrives_unchanged(h, Envelope::new(Properties::default(), Headers::new(), body)).await;
}

/// A message tells the exchange, the key and the queue that it came by, and that it is new.
pub async fn where_it_came_from(h: &Harness) {
    let transport = h.connect().await;
    let (queue, exchange) = (h.name("queue"), h.name("exchange"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "#")]).await;
    publish(&*transport, &exchange, "some.key", "1").await.unwrap();
    publish(&*transport, "", &queue, "2").await.unwrap();
    let mut consumer = transport.consume(&queue, 2).await.unwrap();
    for (from, key) in [(exchange.as_str(), "some.key"), ("", queue.as_str())] {
        let (received, unsettled) = next(&mut consumer).await;
        assert_eq!((received.exchange.as_str(), received.routing_key.as_str()), (from, key));
        assert_eq!((&*received.queue, received.redelivered), (queue.as_str(), false));
        assert!(received.epoch > 0, "epochs are counted from 1");
        unsettled.settle(Settlement::Done);
    }
}
