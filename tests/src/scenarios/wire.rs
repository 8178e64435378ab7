//! What stands on the wire, header by header.

use leveret::{
    AnyMessage, Bus,
    codec::{Codec, CodecError, Decode},
    envelope::TimeFormat,
};
use time::{
    OffsetDateTime, PrimitiveDateTime, format_description::well_known::Iso8601, macros::format_description,
};

use super::{
    Env,
    contracts::{Answer, Ask, Oracle, Work, Worker},
    steps::{bare, channel, inject, pull, queue, text},
};

async fn one(env: &Env, bus: &Bus) -> AnyMessage {
    queue(env, "inspected").await;
    bus.send(Work { n: 1 }).to("inspected").await.unwrap();
    pull(bus, "inspected").await
}

/// Every header of a message of an endpoint, and the property that says the same.
pub async fn every_header(env: &Env) {
    let bus = env.start(env.bus().endpoint(Oracle::echo())).await;
    let message = one(env, &bus).await;
    let properties = &message.received().envelope.properties;
    let id = text(&message, "PikaBus.MessageId").unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 7);
    for (header, property, expected) in [
        ("MessageId", &properties.message_id, id),
        ("CorrelationId", &properties.correlation_id, id),
        ("ReplyToAddress", &properties.reply_to, "oracle"),
        ("ContentType", &properties.content_type, "application/json"),
        ("ContentEncoding", &properties.content_encoding, "utf-8"),
        ("MessageType", &properties.kind, "Work"),
    ] {
        assert_eq!(text(&message, &format!("PikaBus.{header}")), Some(expected), "{header}");
        assert_eq!(property.as_deref(), Some(expected), "{header}");
    }
    assert_eq!(text(&message, "PikaBus.OriginatingAddress"), Some("oracle"));
    assert_eq!(text(&message, "PikaBus.Intent"), Some("command"));
    assert!(properties.persistent);
    let sent = OffsetDateTime::parse(text(&message, "PikaBus.TimeSent").unwrap(), &Iso8601::PARSING).unwrap();
    assert_eq!(properties.timestamp, u64::try_from(sent.unix_timestamp()).ok());
    assert_eq!(message.headers().len(), 9, "{:?}", message.headers());
}

/// A bus that only sends has no address to come back to.
pub async fn a_sender_has_no_address(env: &Env) {
    let message = one(env, &env.sender().await).await;
    assert_eq!(text(&message, "PikaBus.ReplyToAddress"), None);
    assert_eq!(text(&message, "PikaBus.OriginatingAddress"), None);
    assert_eq!(message.received().envelope.properties.reply_to, None);
}

/// Times in the form of PikaBus 1.
pub async fn the_old_form_of_times(env: &Env) {
    let bus = env.start(env.bus().time_format(TimeFormat::PikaBus1)).await;
    let message = one(env, &bus).await;
    let form = format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");
    PrimitiveDateTime::parse(text(&message, "PikaBus.TimeSent").unwrap(), form).unwrap();
    assert!(message.facts().time_sent().is_some());
}

/// A fleet with a prefix of its own understands itself, and nobody else's headers.
pub async fn another_prefix(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |work, ctx| {
        tell.tell((work.n, ctx.correlation_id(), ctx.headers().text("PikaBus.MessageId").is_some()));
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(worker).header_prefix("Shop-")).await;
    let bus = env.start(env.bus().header_prefix("Shop-")).await;
    bus.send(Work { n: 1 }).correlation_id("a").await.unwrap();
    assert_eq!(heard.next().await, (1, Some("a".to_owned()), false));
    let message = one(env, &bus).await;
    assert!(message.headers().iter().all(|(name, _)| name.starts_with("Shop-")), "{:?}", message.headers());
}

/// JSON, backwards.
#[derive(Debug)]
struct Mirrored;

impl Codec for Mirrored {
    fn content_type(&self) -> &str {
        "application/x-mirrored"
    }

    fn content_encoding(&self) -> &str {
        "binary"
    }

    fn encode(&self, message: &dyn erased_serde::Serialize) -> Result<Vec<u8>, CodecError> {
        let mut body = serde_json::to_vec(message).map_err(CodecError::encoding)?;
        body.reverse();
        Ok(body)
    }

    fn decode(&self, body: &[u8], target: &mut dyn Decode) -> Result<(), CodecError> {
        let body: Vec<u8> = body.iter().rev().copied().collect();
        let mut json = serde_json::Deserializer::from_slice(&body);
        target.fill(&mut <dyn erased_serde::Deserializer<'_>>::erase(&mut json)).map_err(CodecError::decoding)
    }
}

/// Another codec writes and reads commands and replies, and says so in the headers.
pub async fn another_codec(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo()).codec(Mirrored)).await;
    let bus = env.start(env.bus().codec(Mirrored)).await;
    assert_eq!(bus.request(Ask { n: 12 }).await.unwrap(), Answer { n: 12 });
    let message = one(env, &bus).await;
    assert_eq!(message.body(), b"}1:\"n\"{");
    assert_eq!(text(&message, "PikaBus.ContentType"), Some("application/x-mirrored"));
    assert_eq!(message.received().envelope.properties.content_encoding.as_deref(), Some("binary"));
}

/// Exchanges of other names carry a fleet of its own.
pub async fn exchanges_of_other_names(env: &Env) {
    let apart = |builder: leveret::BusBuilder| builder.direct_exchange("Direct").topic_exchange("Topic");
    env.start(apart(env.bus()).endpoint(Oracle::echo())).await;
    let bus = env.start(apart(env.bus())).await;
    assert_eq!(bus.request(Ask { n: 1 }).await.unwrap(), Answer { n: 1 });
}

/// Nothing in the headers but what AMQP itself needs: still handled, and everything optional is absent.
pub async fn a_bare_message(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |work, ctx| {
        let nothing = [
            ctx.message_id(),
            ctx.correlation_id(),
            ctx.conversation_id(),
            ctx.reply_to(),
            ctx.source(),
            ctx.in_reply_to(),
        ];
        tell.tell((work.n, nothing, ctx.intent(), ctx.time_sent()));
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(worker)).await;
    let wire = env.wire().await;
    let mut envelope = bare([], r#"{"n":1}"#);
    envelope.properties.kind = Some("Work".into());
    inject(&*wire, "worker", envelope).await;
    assert_eq!(heard.next().await, (1, [const { None }; 6], None, None));
}
