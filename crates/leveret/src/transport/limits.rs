use super::{Outgoing, PublishErrorKind};
use crate::{
    delay::{MAX_ADDRESS, MAX_DELAY, can_address},
    envelope::{Envelope, Properties},
    headers::{Headers, Text, Value},
    topology::MAX_NAME,
};

/// The longest body, in bytes: what RabbitMQ 4 takes by default (design §3).
pub(crate) const MAX_BODY: usize = 16 * 1024 * 1024;

/// RabbitMQ's default for the largest frame, in bytes.
pub(crate) const FRAME_MAX: u32 = 131_072;

/// A header must fit one frame, with room for what retries and dead-lettering add to it (design §3).
const HEADER_ROOM: u32 = 32 * 1024;

/// Of that room, what a copy of ours leaves: for dead-lettering, and for what RabbitMQ adds to a delivery.
pub(crate) const COPY_ROOM: u32 = 4 * 1024;

/// Refuses what AMQP cannot carry, before anything is written: it would make amqprs panic (hazard H14), or the broker
/// close the channel (hazard H21) or the connection. Returns how many bytes headers and properties take in a frame.
pub(crate) fn check_limits(
    outgoing: &Outgoing,
    max_body: usize,
    frame_max: u32,
) -> Result<usize, PublishErrorKind> {
    let envelope = &*outgoing.envelope;
    at_most("body", envelope.body.len(), max_body)?;
    name("exchange name", &outgoing.exchange)?;
    name("routing key", &outgoing.routing_key)?;
    for (what, text) in texts(&envelope.properties) {
        name(what, text.as_deref().unwrap_or_default())?;
    }
    names_of(&envelope.headers)?;
    let room = if outgoing.travels_on { COPY_ROOM } else { HEADER_ROOM };
    let header = header_len(envelope);
    at_most("header", header, frame_max.saturating_sub(room) as usize)?;
    Ok(header)
}

/// Refuses a delay that the levels of the broker's delay cannot carry out (design §5). None is none.
pub(crate) fn check_delay(outgoing: &Outgoing) -> Result<(), PublishErrorKind> {
    let (Some(delay), queue) = (outgoing.delay, &outgoing.routing_key) else { return Ok(()) };
    if delay > MAX_DELAY {
        return Err(PublishErrorKind::DelayTooLong { delay, limit: MAX_DELAY });
    }
    if !can_address(queue) {
        return Err(PublishErrorKind::DelayToWildcard { queue: queue.clone().into() });
    }
    at_most("name of a queue behind a delay", queue.len(), MAX_ADDRESS)
}

fn texts(properties: &Properties) -> [(&'static str, &Option<Text>); 8] {
    [
        ("content type", &properties.content_type),
        ("content encoding", &properties.content_encoding),
        ("correlation id", &properties.correlation_id),
        ("reply address", &properties.reply_to),
        ("expiration", &properties.expiration),
        ("message id", &properties.message_id),
        ("message type", &properties.kind),
        ("application id", &properties.app_id),
    ]
}

fn names_of(headers: &Headers) -> Result<(), PublishErrorKind> {
    for (key, value) in headers.iter() {
        name("header name", key)?;
        names_in(value)?;
    }
    Ok(())
}

fn names_in(value: &Value) -> Result<(), PublishErrorKind> {
    match value {
        Value::Table(table) => names_of(table),
        Value::Array(values) => values.iter().try_for_each(names_in),
        _ => Ok(()),
    }
}

/// How many bytes headers and properties take in a frame.
pub(crate) fn header_len(envelope: &Envelope) -> usize {
    let texts: usize = texts(&envelope.properties)
        .iter()
        .filter_map(|(_, text)| text.as_ref())
        .map(|text| 1 + text.len())
        .sum();
    // 14 for the method's own fields and the property flags, 10 for delivery mode, priority and timestamp.
    24 + texts + envelope.headers.wire_len()
}

fn name(what: &'static str, text: &str) -> Result<(), PublishErrorKind> {
    at_most(what, text.len(), MAX_NAME)
}

fn at_most(what: &'static str, bytes: usize, limit: usize) -> Result<(), PublishErrorKind> {
    if bytes > limit { Err(PublishErrorKind::TooLarge { what, bytes, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    fn refused(change: impl FnOnce(&mut Outgoing, &mut Envelope)) -> Option<&'static str> {
        let mut envelope = Envelope::default();
        let mut outgoing = Outgoing::new("e", "k", Envelope::default(), Instant::now());
        change(&mut outgoing, &mut envelope);
        outgoing.envelope = envelope.into();
        match check_limits(&outgoing, 100, FRAME_MAX) {
            Ok(_) => None,
            Err(PublishErrorKind::TooLarge { what, .. }) => Some(what),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_limit() {
        let long = || "x".repeat(256);
        let max = || "x".repeat(255);
        assert_eq!(refused(|_, e| e.body = vec![0; 100].into()), None);
        assert_eq!(refused(|_, e| e.body = vec![0; 101].into()), Some("body"));
        assert_eq!(refused(|o, _| o.exchange = max().into()), None);
        assert_eq!(refused(|o, _| o.exchange = long().into()), Some("exchange name"));
        assert_eq!(refused(|o, _| o.routing_key = long().into()), Some("routing key"));
        assert_eq!(refused(|_, e| e.properties.message_id = Some(max().into())), None);
        assert_eq!(refused(|_, e| e.properties.kind = Some(long().into())), Some("message type"));
        assert_eq!(refused(|_, e| drop(e.headers.insert(long(), 1_i32))), Some("header name"));
        let nested = || Value::Array(vec![Headers::from_iter([(long(), 1_i32)]).into()]);
        assert_eq!(refused(|_, e| drop(e.headers.insert("a", nested()))), Some("header name"));
        let text = |bytes: usize| Value::Text("x".repeat(bytes).into());
        assert_eq!(refused(|_, e| drop(e.headers.insert("a", text(98_000)))), None);
        assert_eq!(refused(|_, e| drop(e.headers.insert("a", text(98_304)))), Some("header"));
        let copy = |bytes: usize| {
            move |o: &mut Outgoing, e: &mut Envelope| {
                o.travels_on = true;
                e.headers.insert("a", text(bytes));
            }
        };
        assert_eq!(refused(copy(126_000)), None);
        assert_eq!(refused(copy(126_976)), Some("header"));
    }

    #[test]
    fn limits_of_a_delay() {
        let delayed = |queue: &str, delay| {
            let outgoing = Outgoing::new("e", queue, Envelope::default(), Instant::now());
            check_delay(&Outgoing { delay, ..outgoing })
        };
        assert_eq!(delayed("a.*", None), Ok(()));
        assert_eq!(delayed(&"x".repeat(193), Some(MAX_DELAY)), Ok(()));
        let too_long = delayed(&"x".repeat(194), Some(MAX_DELAY));
        assert!(matches!(too_long, Err(PublishErrorKind::TooLarge { limit: 193, .. })), "{too_long:?}");
        let wildcard = delayed("a.*", Some(MAX_DELAY));
        assert!(matches!(wildcard, Err(PublishErrorKind::DelayToWildcard { .. })), "{wildcard:?}");
        let year = delayed("a", Some(MAX_DELAY + Duration::from_nanos(1)));
        assert!(matches!(year, Err(PublishErrorKind::DelayTooLong { .. })), "{year:?}");
    }
}
