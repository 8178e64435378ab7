use crate::{
    envelope::Properties,
    headers::{Headers, Value},
    topology::MAX_NAME,
    transport::{Outgoing, PublishErrorKind},
};

/// The largest body, in bytes (design §3): what RabbitMQ 4 takes by default.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The largest header table with its properties, in bytes: RabbitMQ's frame of 128 KiB, less 32 KiB of room for error
/// details and `x-death` (design §3).
const MAX_HEADERS: usize = (128 - 32) * 1024;

/// Refuses what AMQP could not carry, so that what passes in process passes on RabbitMQ too.
pub(super) fn check(outgoing: &Outgoing) -> Result<(), PublishErrorKind> {
    let envelope = &*outgoing.envelope;
    fits("exchange name", outgoing.exchange.len(), MAX_NAME)?;
    fits("routing key", outgoing.routing_key.len(), MAX_NAME)?;
    let mut bytes = envelope.headers.wire_len();
    for (what, text) in texts(&envelope.properties) {
        let len = text.as_ref().map_or(0, String::len);
        fits(what, len, MAX_NAME)?;
        bytes += len;
    }
    names(&envelope.headers)?;
    fits("header table with its properties", bytes, MAX_HEADERS)?;
    fits("body", envelope.body.len(), MAX_BODY)
}

fn fits(what: &'static str, bytes: usize, limit: usize) -> Result<(), PublishErrorKind> {
    if bytes > limit { Err(PublishErrorKind::TooLarge { what, bytes, limit }) } else { Ok(()) }
}

fn texts(properties: &Properties) -> [(&'static str, &Option<String>); 9] {
    [
        ("content_type", &properties.content_type),
        ("content_encoding", &properties.content_encoding),
        ("correlation_id", &properties.correlation_id),
        ("reply_to", &properties.reply_to),
        ("expiration", &properties.expiration),
        ("message_id", &properties.message_id),
        ("type", &properties.kind),
        ("user_id", &properties.user_id),
        ("app_id", &properties.app_id),
    ]
}

fn names(headers: &Headers) -> Result<(), PublishErrorKind> {
    for (name, value) in headers.iter() {
        fits("header name", name.len(), MAX_NAME)?;
        names_within(value)?;
    }
    Ok(())
}

fn names_within(value: &Value) -> Result<(), PublishErrorKind> {
    match value {
        Value::Table(table) => names(table),
        Value::Array(values) => values.iter().try_for_each(names_within),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::envelope::Envelope;

    #[test]
    fn each_limit_holds_its_last_byte() {
        type Make = fn(usize) -> Outgoing;
        let cases: [(&str, usize, Make); 6] = [
            ("body", MAX_BODY, |n| outgoing(Envelope { body: vec![0; n].into(), ..Envelope::default() })),
            ("routing key", MAX_NAME, |n| Outgoing {
                routing_key: "k".repeat(n),
                ..outgoing(Envelope::default())
            }),
            ("exchange name", MAX_NAME, |n| Outgoing {
                exchange: "e".repeat(n),
                ..outgoing(Envelope::default())
            }),
            ("message_id", MAX_NAME, |n| {
                let properties = Properties { message_id: Some("i".repeat(n)), ..Properties::default() };
                outgoing(Envelope { properties, ..Envelope::default() })
            }),
            ("header name", MAX_NAME, |n| {
                let inner = Value::Array(vec![Headers::from_iter([("h".repeat(n), 1_i32)]).into()]);
                outgoing(Envelope { headers: Headers::from_iter([("a", inner)]), ..Envelope::default() })
            }),
            // 4 for the table, 2 for the name, 5 for the type and the length of the text
            ("header table with its properties", MAX_HEADERS, |n| {
                let headers = Headers::from_iter([("a", "x".repeat(n - 11))]);
                outgoing(Envelope { headers, ..Envelope::default() })
            }),
        ];
        for (what, limit, make) in cases {
            assert_eq!(check(&make(limit)), Ok(()), "{what}");
            let expected = PublishErrorKind::TooLarge { what, bytes: limit + 1, limit };
            assert_eq!(check(&make(limit + 1)), Err(expected));
        }
    }

    fn outgoing(envelope: Envelope) -> Outgoing {
        Outgoing::new("", "q", envelope, Instant::now())
    }
}
