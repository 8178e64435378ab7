use time::OffsetDateTime;

use super::{Intent, Names, Properties, TimeFormat, timestamp};
use crate::headers::{Headers, Text};

/// Room for the headers that an everyday message has: the nine, and a trace context.
const STANDARD: usize = 11;

/// The standard headers and properties of an outgoing message (design §2).
#[derive(Debug)]
pub(crate) struct Stamp<'a> {
    pub(crate) names: &'a Names,
    pub(crate) time_format: TimeFormat,
    pub(crate) message_id: Text,
    pub(crate) correlation_id: Text,
    pub(crate) conversation_id: Option<Text>,
    pub(crate) in_reply_to: Option<Text>,
    pub(crate) reply_to: Option<Text>,
    pub(crate) originating_address: Option<Text>,
    pub(crate) content_type: Text,
    pub(crate) content_encoding: Text,
    pub(crate) message_type: Option<Text>,
    pub(crate) intent: Intent,
    pub(crate) deferred_time: Option<OffsetDateTime>,
    pub(crate) expires_at: Option<OffsetDateTime>,
}

impl Stamp<'_> {
    pub(crate) fn apply(self) -> (Properties, Headers) {
        let now = timestamp::now();
        let at = |when: OffsetDateTime| self.time_format.write(when);
        let names = self.names;
        let mut headers = Headers::with_capacity(STANDARD);
        let mut set = |name: &Text, value: Option<Text>| {
            if let Some(value) = value {
                headers.push(name.clone(), value);
            }
        };
        set(&names.message_id, Some(self.message_id.clone()));
        set(&names.correlation_id, Some(self.correlation_id.clone()));
        set(&names.conversation_id, self.conversation_id);
        set(&names.in_reply_to, self.in_reply_to);
        set(&names.reply_to_address, self.reply_to.clone());
        set(&names.originating_address, self.originating_address);
        set(&names.content_type, Some(self.content_type.clone()));
        set(&names.content_encoding, Some(self.content_encoding.clone()));
        set(&names.message_type, self.message_type.clone());
        set(&names.intent, Some(Text::literal(self.intent.as_str())));
        set(&names.time_sent, Some(at(now)));
        set(&names.deferred_time, self.deferred_time.map(at));
        set(&names.expires_at, self.expires_at.map(at));

        let properties = Properties {
            content_type: Some(self.content_type),
            content_encoding: Some(self.content_encoding),
            persistent: true,
            correlation_id: Some(self.correlation_id),
            reply_to: self.reply_to,
            message_id: Some(self.message_id),
            timestamp: u64::try_from(now.unix_timestamp()).ok(),
            kind: self.message_type,
            ..Properties::default()
        };
        (properties, headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::{Envelope, Received};

    #[test]
    fn writes_what_the_wire_chapter_lists() {
        let names = Names::with_prefix("Acme.");
        let (properties, headers) = Stamp {
            names: &names,
            time_format: TimeFormat::Iso8601,
            message_id: "id-1".into(),
            correlation_id: "id-0".into(),
            conversation_id: None,
            in_reply_to: None,
            reply_to: Some("shop".into()),
            originating_address: Some("shop".into()),
            content_type: "application/json".into(),
            content_encoding: "utf-8".into(),
            message_type: Some("ChargeCard".into()),
            intent: Intent::Command,
            deferred_time: None,
            expires_at: None,
        }
        .apply();
        let written: Vec<_> = headers.iter().map(|(name, _)| name).collect();
        let expected = [
            "MessageId",
            "CorrelationId",
            "ReplyToAddress",
            "OriginatingAddress",
            "ContentType",
            "ContentEncoding",
            "MessageType",
            "Intent",
            "TimeSent",
        ];
        assert_eq!(written, expected.map(|name| format!("Acme.{name}")));
        assert!(properties.persistent);
        assert_eq!(properties.kind.as_deref(), Some("ChargeCard"));

        let received = Received::new(Envelope::new(properties, headers, ""), "", "billing", "billing");
        let facts = received.facts(&names);
        assert_eq!(facts.message_id().as_deref(), Some("id-1"));
        assert_eq!(facts.reply_to().as_deref(), Some("shop"));
        assert!((timestamp::now() - facts.time_sent().unwrap()).abs() < time::Duration::MINUTE);
    }
}
