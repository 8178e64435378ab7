use leveret::envelope::Envelope;

use crate::{contracts::SHOP, outcome::Outcome};

/// The standard headers, without the prefix.
const HEADERS: [&str; 9] = [
    "ContentEncoding",
    "ContentType",
    "CorrelationId",
    "Intent",
    "MessageId",
    "MessageType",
    "OriginatingAddress",
    "ReplyToAddress",
    "TimeSent",
];

/// Checks that a message is as all contestants must write it: who writes less has less to do.
///
/// # Errors
/// What is different.
pub(super) fn check(message: &Envelope, message_type: &str) -> Outcome {
    let Envelope { properties, headers, body, .. } = message;
    // Brokers add headers of their own.
    let mut names: Vec<_> = headers.iter().filter_map(|(name, _)| name.strip_prefix("PikaBus.")).collect();
    names.sort_unstable();
    let header = |name: &str| headers.text(&format!("PikaBus.{name}"));
    let id = properties.message_id.as_deref();
    let checks = [
        ("nine headers", names == HEADERS),
        ("a body of about 400 bytes", (350..=450).contains(&body.len())),
        ("persistent", properties.persistent),
        ("an id", id.is_some_and(|id| id.len() == 36) && id == header("MessageId")),
        ("a correlation id", properties.correlation_id.as_deref() == header("CorrelationId")),
        ("an address for replies", properties.reply_to.as_deref() == Some(SHOP)),
        ("a type", properties.kind.as_deref() == Some(message_type)),
        ("a content type", properties.content_type.as_deref() == Some("application/json")),
        ("an encoding", properties.content_encoding.as_deref() == Some("utf-8")),
        ("a time", properties.timestamp.is_some() && header("TimeSent").is_some_and(|time| time.len() == 32)),
    ];
    match checks.into_iter().find(|(_, holds)| !holds) {
        None => Ok(()),
        Some((what, _)) => Err(format!("a message without {what}: {properties:?}, {headers:?}").into()),
    }
}

#[cfg(test)]
mod tests {
    use leveret::{envelope::Properties, headers::Headers};

    use super::*;

    #[test]
    fn a_message_that_lacks_something_is_found_out() {
        let mut properties = Properties::default();
        properties.message_id = Some("5f1c0a52-58a6-7d3e-9a0b-0123456789ab".into());
        properties.correlation_id = properties.message_id.clone();
        properties.persistent = true;
        properties.reply_to = Some(SHOP.into());
        properties.kind = Some("PlaceOrder".into());
        properties.content_type = Some("application/json".into());
        properties.content_encoding = Some("utf-8".into());
        properties.timestamp = Some(1);
        let value = |name: &str| match name {
            "TimeSent" => "2026-08-07T16:32:19.123456+00:00".to_owned(),
            _ => properties.message_id.clone().unwrap().to_string(),
        };
        let headers = Headers::from_iter(HEADERS.map(|name| (format!("PikaBus.{name}"), value(name))));
        let whole = Envelope::new(properties, headers, vec![b' '; 400]);
        check(&whole, "PlaceOrder").unwrap();

        let lacking = |change: fn(&mut Envelope)| {
            let mut message = whole.clone();
            change(&mut message);
            check(&message, "PlaceOrder").unwrap_err().to_string()
        };
        assert!(lacking(|it| it.headers.retain(|name, _| name != "PikaBus.Intent")).contains("nine headers"));
        assert!(lacking(|it| it.properties.persistent = false).contains("persistent"));
        assert!(lacking(|it| it.properties.message_id = None).contains("an id"));
        assert!(lacking(|it| it.properties.kind = Some("Quote".into())).contains("a type"));
        assert!(lacking(|it| it.body = "{}".into()).contains("a body"));
    }
}
