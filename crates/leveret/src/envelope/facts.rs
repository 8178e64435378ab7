use std::{borrow::Cow, fmt};

use time::OffsetDateTime;

use super::{Intent, Names, Received, timestamp};
use crate::headers::{Text, Value};

/// What a message says about itself, read gracefully: a header may be missing, of another AMQP type than expected, or
/// stand only as an AMQP property (design §2).
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    received: &'a Received,
    names: &'a Names,
}

/// A header that must be understood before the message can be handled, and is not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// Which header.
    pub header: String,
    /// What it holds.
    pub value: String,
    /// What it should hold.
    pub expected: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the header `{}` is {}, and should be {}", self.header, self.value, self.expected)
    }
}

impl std::error::Error for Malformed {}

const A_TIME: &str = "a time such as 2026-08-07T16:32:19.123456+00:00 or 08/07/2026 16:32:19";
const A_COUNT: &str = "a number from 0 to 4294967295";

impl<'a> Facts<'a> {
    pub(super) fn new(received: &'a Received, names: &'a Names) -> Self {
        Self { received, names }
    }

    /// The sender's id of the message.
    pub fn message_id(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.message_id, self.received.envelope.properties.message_id.as_deref())
    }

    /// The same, to be kept: the text of the property, where that is what the header says.
    pub(crate) fn shared_message_id(self) -> Option<Text> {
        let id = self.message_id()?;
        let property = self.received.envelope.properties.message_id.as_ref();
        Some(property.filter(|property| **property == *id).cloned().unwrap_or_else(|| id.into()))
    }

    /// What the message belongs to.
    pub fn correlation_id(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.correlation_id, self.received.envelope.properties.correlation_id.as_deref())
    }

    /// The queue that awaits replies.
    pub fn reply_to(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.reply_to_address, self.received.envelope.properties.reply_to.as_deref())
    }

    /// The queue of the endpoint that sent the message.
    pub fn originating_address(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.originating_address, None)
    }

    /// MIME type of the body.
    pub fn content_type(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.content_type, self.received.envelope.properties.content_type.as_deref())
    }

    /// The name of the contract.
    pub fn message_type(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.message_type, self.received.envelope.properties.kind.as_deref())
    }

    /// Command or event, if the message says so.
    pub fn intent(self) -> Option<Intent> {
        self.text(&self.names.intent, None).and_then(|text| Intent::parse(&text))
    }

    /// The id of the command that this message answers.
    pub fn in_reply_to(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.in_reply_to, None)
    }

    /// What the correlation id was before a request.
    pub fn conversation_id(self) -> Option<Cow<'a, str>> {
        self.text(&self.names.conversation_id, None)
    }

    /// The key by which the message first arrived: a copy says so in its header `Topic`. The queue, where the message has
    /// waited in the broker and does not say.
    pub fn topic(self) -> Cow<'a, str> {
        self.text(&self.names.topic, None).unwrap_or(Cow::Borrowed(self.received.address()))
    }

    /// Whether it is an event: it says so, or it says nothing and is not addressed to the queue that it came from.
    pub fn is_event(self) -> bool {
        match self.intent() {
            Some(intent) => intent == Intent::Event,
            None => *self.received.address() != *self.received.queue,
        }
    }

    /// The topic of an event; `None` for a copy that has lost it, as PikaBus' retry copies have (their key is the
    /// queue).
    pub fn event_topic(self) -> Option<Cow<'a, str>> {
        let key = || Some(self.received.address()).filter(|key| **key != *self.received.queue);
        self.text(&self.names.topic, None).or_else(|| key().map(Cow::Borrowed))
    }

    /// When the message was sent, as far as that can be read.
    pub fn time_sent(self) -> Option<OffsetDateTime> {
        self.text(&self.names.time_sent, None).and_then(|text| timestamp::parse(&text)).or_else(|| {
            let seconds = i64::try_from(self.received.envelope.properties.timestamp?).ok()?;
            OffsetDateTime::from_unix_timestamp(seconds).ok()
        })
    }

    /// Before when the message must not be handled.
    ///
    /// # Errors
    /// When the header is there and is no time.
    pub fn deferred_time(self) -> Result<Option<OffsetDateTime>, Malformed> {
        self.time(&self.names.deferred_time)
    }

    /// What is wrong with a DeferredTime for which no broker can wait.
    pub(crate) fn too_far_ahead(self) -> Malformed {
        let header = &*self.names.deferred_time;
        let value = self.received.envelope.headers.get(header).and_then(Value::to_text).unwrap_or_default();
        Malformed { header: header.to_owned(), value, expected: "a time within the next 397 days" }
    }

    /// After when the message must not be handled any more.
    ///
    /// # Errors
    /// When the header is there and is no time.
    pub fn expires_at(self) -> Result<Option<OffsetDateTime>, Malformed> {
        self.time(&self.names.expires_at)
    }

    /// How often the message has failed: 0 when it does not say.
    ///
    /// # Errors
    /// When the header is there and is no count.
    pub fn error_retries(self) -> Result<u32, Malformed> {
        self.count(&self.names.error_retries)
    }

    /// How often a plain queue has taken the message back, each time from a process that may have died of it: 0 when it
    /// does not say.
    ///
    /// # Errors
    /// When the header is there and is no count.
    pub fn redeliveries(self) -> Result<u32, Malformed> {
        self.count(&self.names.redeliveries)
    }

    fn count(self, name: &str) -> Result<u32, Malformed> {
        match self.received.envelope.headers.get(name) {
            None | Some(Value::Void) => Ok(0),
            Some(value) => value
                .as_integer()
                .and_then(|count| u32::try_from(count).ok())
                .ok_or_else(|| malformed(name, value, A_COUNT)),
        }
    }

    fn time(self, name: &str) -> Result<Option<OffsetDateTime>, Malformed> {
        match self.received.envelope.headers.get(name) {
            None | Some(Value::Void) => Ok(None),
            Some(Value::Timestamp(seconds)) => i64::try_from(*seconds)
                .ok()
                .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
                .map(Some)
                .ok_or_else(|| malformed(name, &Value::Timestamp(*seconds), A_TIME)),
            Some(value) => value
                .as_str()
                .and_then(timestamp::parse)
                .map(Some)
                .ok_or_else(|| malformed(name, value, A_TIME)),
        }
    }

    /// The header if it holds text or something like it, else the property. An empty text counts as missing.
    fn text(self, name: &str, property: Option<&'a str>) -> Option<Cow<'a, str>> {
        let header = match self.received.envelope.headers.get(name) {
            Some(Value::Text(text)) => Some(Cow::Borrowed(text.as_str())),
            Some(other) => other.to_text().map(Cow::Owned),
            None => None,
        };
        header
            .filter(|text| !text.is_empty())
            .or_else(|| property.filter(|text| !text.is_empty()).map(Cow::Borrowed))
    }
}

fn malformed(header: &str, value: &Value, expected: &'static str) -> Malformed {
    let value = match value {
        Value::Text(text) => format!("\"{}\"", text.chars().take(100).collect::<String>()),
        Value::Array(_) => "an array".to_owned(),
        Value::Table(_) => "a table".to_owned(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        other => format!("{other:?}"),
    };
    Malformed { header: header.to_owned(), value, expected }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::{
        envelope::{Envelope, Properties},
        headers::Headers,
    };

    fn received(headers: Headers, properties: Properties) -> Received {
        Received::new(Envelope::new(properties, headers, ""), "PikaBusDirect", "billing", "billing")
    }

    #[test]
    fn a_header_wins_over_its_property_and_odd_types_are_read() {
        let names = Names::default();
        let properties = Properties {
            message_id: Some("from-property".into()),
            kind: Some("Refund".into()),
            timestamp: Some(1_786_120_339),
            ..Default::default()
        };
        let headers = Headers::from_iter([
            ("PikaBus.MessageId", Value::I64(7)),
            ("PikaBus.CorrelationId", Value::Bytes(b"abc".to_vec())),
            ("PikaBus.ReplyToAddress", Value::Text(Text::default())),
            ("PikaBus.Intent", "EVENT".into()),
            ("PikaBus.MessageType", Value::Array(Vec::new())),
            ("PikaBus.ErrorRetries", "3".into()),
        ]);
        let received = received(headers, properties);
        let facts = received.facts(&names);
        assert_eq!(facts.message_id().as_deref(), Some("7"));
        assert_eq!(facts.correlation_id().as_deref(), Some("abc"));
        assert_eq!(facts.reply_to(), None);
        assert_eq!(facts.intent(), Some(Intent::Event));
        assert_eq!(facts.message_type().as_deref(), Some("Refund"));
        assert_eq!(facts.error_retries(), Ok(3));
        assert_eq!(facts.time_sent(), Some(datetime!(2026-08-07 16:32:19 UTC)));
        assert_eq!(facts.topic(), "billing");
    }

    #[test]
    fn a_bare_message_says_nothing_and_is_no_error() {
        let names = Names::default();
        let received = received(Headers::new(), Properties::default());
        let facts = received.facts(&names);
        assert_eq!(facts.message_id(), None);
        assert_eq!(facts.intent(), None);
        assert_eq!(facts.error_retries(), Ok(0));
        assert_eq!(facts.deferred_time(), Ok(None));
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        let names = Names::default();
        let headers = Headers::from_iter([
            ("PikaBus.ErrorRetries", Value::Text("many".into())),
            ("PikaBus.DeferredTime", Value::I32(5)),
        ]);
        let received = received(headers, Properties::default());
        let facts = received.facts(&names);
        assert_eq!(
            facts.error_retries().unwrap_err().to_string(),
            "the header `PikaBus.ErrorRetries` is \"many\", and should be a number from 0 to 4294967295"
        );
        assert!(
            facts
                .deferred_time()
                .unwrap_err()
                .to_string()
                .starts_with("the header `PikaBus.DeferredTime` is I32(5)")
        );
    }
}
