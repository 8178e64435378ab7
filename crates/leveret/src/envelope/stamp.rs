use time::OffsetDateTime;

use super::{Intent, Names, Properties, TimeFormat, timestamp};
use crate::headers::{Headers, Value};

/// The standard headers and properties of an outgoing message (design §2).
#[derive(Debug)]
pub(crate) struct Stamp<'a> {
    pub(crate) names: &'a Names,
    pub(crate) time_format: TimeFormat,
    pub(crate) message_id: String,
    pub(crate) correlation_id: String,
    pub(crate) conversation_id: Option<String>,
    pub(crate) in_reply_to: Option<String>,
    pub(crate) reply_to: Option<&'a str>,
    pub(crate) originating_address: Option<&'a str>,
    pub(crate) content_type: &'a str,
    pub(crate) content_encoding: &'a str,
    pub(crate) message_type: Option<&'a str>,
    pub(crate) intent: Intent,
    pub(crate) deferred_time: Option<OffsetDateTime>,
    pub(crate) expires_at: Option<OffsetDateTime>,
}

impl Stamp<'_> {
    pub(crate) fn apply(self) -> (Properties, Headers) {
        let now = timestamp::now();
        let at = |when: OffsetDateTime| self.time_format.write(when);
        let names = self.names;
        let mut headers = Headers::new();
        let mut set = |name: &std::sync::Arc<str>, value: Option<&str>| {
            if let Some(value) = value {
                headers.insert(name.clone(), Value::Text(value.to_owned()));
            }
        };
        set(&names.message_id, Some(&self.message_id));
        set(&names.correlation_id, Some(&self.correlation_id));
        set(&names.conversation_id, self.conversation_id.as_deref());
        set(&names.in_reply_to, self.in_reply_to.as_deref());
        set(&names.reply_to_address, self.reply_to);
        set(&names.originating_address, self.originating_address);
        set(&names.content_type, Some(self.content_type));
        set(&names.content_encoding, Some(self.content_encoding));
        set(&names.message_type, self.message_type);
        set(&names.intent, Some(self.intent.as_str()));
        set(&names.time_sent, Some(&at(now)));
        set(&names.deferred_time, self.deferred_time.map(at).as_deref());
        set(&names.expires_at, self.expires_at.map(at).as_deref());

        let properties = Properties {
            content_type: Some(self.content_type.to_owned()),
            content_encoding: Some(self.content_encoding.to_owned()),
            persistent: true,
            correlation_id: Some(self.correlation_id),
            reply_to: self.reply_to.map(str::to_owned),
            message_id: Some(self.message_id),
            timestamp: u64::try_from(now.unix_timestamp()).ok(),
            kind: self.message_type.map(str::to_owned),
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
            reply_to: Some("shop"),
            originating_address: Some("shop"),
            content_type: "application/json",
            content_encoding: "utf-8",
            message_type: Some("ChargeCard"),
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
