use time::OffsetDateTime;

use super::{
    death::deaths,
    source::{brokers_reason, source},
};
use crate::{
    envelope::{Names, Received, parse_time},
    headers::Value,
};

/// How much of an error is kept of each message, in bytes.
const SHORT: usize = 500;

/// What a message in the error queue tells of itself, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failed {
    /// The sender's id of the message.
    pub id: Option<String>,
    /// The name of the contract. Python senders usually write none.
    pub message_type: Option<String>,
    /// The queue in which it failed. `None` when nothing in the message tells (design §5).
    pub source: Option<String>,
    /// Why it failed: what the service wrote, else why the broker moved it; empty when nothing tells. In a listing, at
    /// most 500 bytes of it.
    pub error: String,
    /// The Rust type of the error.
    pub error_type: Option<String>,
    /// How often it was tried, where the message tells.
    pub attempts: Option<u32>,
    /// When it failed for good, else when it was sent, as far as either can be read.
    pub failed_at: Option<OffsetDateTime>,
    /// The length of the body, in bytes.
    pub body_bytes: usize,
}

impl Failed {
    pub(super) fn read(received: &Received, names: &Names) -> Self {
        let facts = received.facts(names);
        let headers = &received.envelope.headers;
        let text = |name: &str| headers.get(name).and_then(Value::to_text).filter(|text| !text.is_empty());
        let failed_at = || {
            let written = headers.text(&names.time_of_failure).and_then(parse_time);
            let seconds = || deaths(headers).find_map(|death| death.time());
            let died = || OffsetDateTime::from_unix_timestamp(i64::try_from(seconds()?).ok()?).ok();
            written.or_else(died).or_else(|| facts.time_sent())
        };
        Self {
            id: facts.message_id().map(Into::into),
            message_type: facts.message_type().map(Into::into),
            source: source(received, names),
            error: text(&names.error_details).or_else(|| brokers_reason(received)).unwrap_or_default(),
            error_type: text(&names.error_type),
            attempts: facts.error_retries().ok().filter(|retries| *retries > 0),
            failed_at: failed_at(),
            body_bytes: received.envelope.body.len(),
        }
    }

    /// As it is kept of each message of a queue.
    pub(super) fn short(mut self) -> Self {
        let end = (0..=SHORT).rev().find(|end| self.error.is_char_boundary(*end)).unwrap_or_default();
        self.error.truncate(end);
        self.error.shrink_to_fit();
        self
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::{admin::death::tests::entry, envelope::Envelope, headers::Headers};

    fn read(headers: Headers) -> Failed {
        let received =
            Received::new(Envelope::new(Default::default(), headers, "body"), "", "error", "error");
        Failed::read(&received, &Names::default())
    }

    #[test]
    fn what_a_service_wrote() {
        let failed = read(Headers::from_iter([
            ("PikaBus.MessageId", Value::from("1")),
            ("PikaBus.ErrorDetails", "é".repeat(400).into()),
            ("PikaBus.ErrorType", "Declined".into()),
            ("PikaBus.SourceQueue", "billing".into()),
            ("PikaBus.ErrorRetries", Value::I64(6)),
            ("PikaBus.TimeOfFailure", "2026-08-07T16:32:19+00:00".into()),
        ]));
        assert_eq!((failed.id.as_deref(), failed.source.as_deref()), (Some("1"), Some("billing")));
        assert_eq!((failed.attempts, failed.body_bytes), (Some(6), 4));
        assert_eq!(failed.failed_at, Some(datetime!(2026-08-07 16:32:19 UTC)));
        assert_eq!(failed.error.len(), 800);
        assert_eq!(failed.short().error.len(), 500);
    }

    #[test]
    fn what_only_the_broker_tells_and_what_nobody_does() {
        let died = Value::Array(vec![entry("billing", "delivery_limit", "billing", 1_786_120_339)]);
        let failed = read(Headers::from_iter([("x-death", died)]));
        assert_eq!(failed.error, "moved by the broker out of `billing`: delivery_limit");
        assert_eq!(failed.failed_at, Some(datetime!(2026-08-07 16:32:19 UTC)));
        let bare = read(Headers::from_iter([("PikaBus.ErrorRetries", Value::Array(vec![]))]));
        assert_eq!((bare.id, bare.source, bare.attempts, bare.failed_at), (None, None, None, None));
        assert_eq!(bare.error, "");
    }
}
