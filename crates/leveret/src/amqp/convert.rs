use amqprs::{BasicProperties, DELIVERY_MODE_PERSISTENT, DELIVERY_MODE_TRANSIENT, FieldTable};

use super::{fields::from_table, repeated::Repeated};
use crate::{
    envelope::{Envelope, Properties},
    headers::Text,
};

/// The properties of a message for the wire, its header table among them. The caller has checked its [limits](super::limits): amqprs panics at
/// strings over 255 bytes (hazard H14). `user_id` stays out: the broker refuses a foreign one.
pub(super) fn to_properties(properties: &Properties, headers: FieldTable) -> BasicProperties {
    let mode = if properties.persistent { DELIVERY_MODE_PERSISTENT } else { DELIVERY_MODE_TRANSIENT };
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    // With all arguments: amqprs' builder clones the whole header table at its end.
    BasicProperties::new(
        text(&properties.content_type),
        text(&properties.content_encoding),
        Some(headers),
        Some(mode),
        properties.priority,
        text(&properties.correlation_id),
        text(&properties.reply_to),
        text(&properties.expiration),
        text(&properties.message_id),
        properties.timestamp,
        text(&properties.kind),
        None,
        text(&properties.app_id),
        None,
    )
}

/// A message as it came off the wire.
pub(super) fn from_wire(wire: &BasicProperties, body: Vec<u8>, repeated: &mut Repeated) -> Envelope {
    let headers = wire.headers().map(|table| from_table(table, repeated)).unwrap_or_default();
    let mut text = |text: Option<&String>| text.map(|text| repeated.share(text));
    let properties = Properties {
        content_type: text(wire.content_type()),
        content_encoding: text(wire.content_encoding()),
        persistent: wire.delivery_mode() == Some(DELIVERY_MODE_PERSISTENT),
        priority: wire.priority(),
        correlation_id: text(wire.correlation_id()),
        reply_to: text(wire.reply_to()),
        expiration: text(wire.expiration()),
        message_id: text(wire.message_id()),
        timestamp: wire.timestamp(),
        kind: text(wire.message_type()),
        user_id: text(wire.user_id()),
        app_id: text(wire.app_id()),
    };
    Envelope::new(properties, headers, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{amqp::fields::to_table, headers::Headers};

    fn full() -> Properties {
        let text = |text: &str| Some(text.into());
        Properties {
            content_type: text("application/json"),
            content_encoding: text("utf-8"),
            persistent: true,
            priority: Some(7),
            correlation_id: text("c"),
            reply_to: text("r"),
            expiration: text("1000"),
            message_id: text("m"),
            timestamp: Some(1),
            kind: text("k"),
            user_id: None,
            app_id: text("a"),
        }
    }

    #[test]
    fn all_properties_come_back_but_the_user_is_never_sent() {
        let headers = Headers::from_iter([("h", 1_i32)]);
        for properties in [full(), Properties::default()] {
            let sent = to_properties(&properties, to_table(&headers));
            let envelope = Envelope::new(properties, headers.clone(), "body");
            assert_eq!(from_wire(&sent, b"body".to_vec(), &mut Repeated::default()), envelope);
        }
        let foreign = Properties { user_id: Some("someone".into()), ..full() };
        assert_eq!(to_properties(&foreign, to_table(&headers)).user_id(), None);
    }
}
