use std::time::Duration;

use crate::{
    envelope::{BROKER_HEADERS, Envelope, Names, Received, TimeFormat, from_now, now},
    error::Failure,
    headers::{Headers, Value},
};

/// The longest ErrorDetails, in bytes: a header table must fit into one frame, with the sender's own headers.
const MAX_DETAILS: usize = 16 * 1024;

/// Makes the copies in which a failed message travels on. The body and all unknown headers stay as they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copies<'a> {
    pub(super) names: &'a Names,
    pub(super) time_format: TimeFormat,
    pub(super) received: &'a Received,
}

impl Copies<'_> {
    /// For the error queue, with what went wrong. It has no expiration: what failed must not vanish (design §4).
    pub(super) fn failed(self, failure: &Failure, failures: u32) -> Envelope {
        let names = self.names;
        let mut copy = self.plain();
        let headers = &mut copy.headers;
        headers.insert(names.error_details.clone(), details(failure));
        headers.insert(names.error_type.clone(), cut(failure.type_name(), MAX_DETAILS).to_owned());
        headers.insert(names.time_of_failure.clone(), self.time_format.write(now()));
        self.add_source(headers, failures);
        copy
    }

    /// For the error queue, with as little as possible: where the whole story makes the header table too large.
    pub(super) fn failed_without_details(self, failures: u32) -> Envelope {
        let mut copy = self.plain();
        self.add_source(&mut copy.headers, failures);
        copy
    }

    /// For the same queue, to be handled again after `wait`.
    pub(super) fn postponed(self, wait: Duration, failures: u32) -> Envelope {
        let mut copy = self.plain();
        copy.headers.insert(self.names.deferred_time.clone(), self.time_format.write(from_now(wait)));
        if failures > 0 {
            copy.headers.insert(self.names.error_retries.clone(), i64::from(failures));
        }
        copy
    }

    fn add_source(self, headers: &mut Headers, failures: u32) {
        headers.insert(self.names.error_retries.clone(), i64::from(failures));
        headers.insert(self.names.source_queue.clone(), &*self.received.queue);
    }

    /// The message without what only this delivery of it had. The topic stays known though the key of a copy is a
    /// queue.
    fn plain(self) -> Envelope {
        let mut copy = self.received.envelope.clone();
        copy.headers.retain(|name, _| !BROKER_HEADERS.contains(&name));
        let facts = self.received.facts(self.names);
        if let Some(topic) = facts.event_topic().filter(|_| facts.is_event()) {
            copy.headers.insert(self.names.topic.clone(), Value::Text(topic.into_owned()));
        }
        copy.properties.expiration = None;
        copy.properties.user_id = None;
        copy.properties.persistent = true;
        copy
    }
}

/// The error and what caused it, one a line.
fn details(failure: &Failure) -> String {
    let mut details = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause.filter(|_| details.len() <= MAX_DETAILS) {
        details.push_str("\ncaused by: ");
        details.push_str(&error.to_string());
        cause = error.source();
    }
    details.truncate(cut(&details, MAX_DETAILS).len());
    details
}

/// At most `limit` bytes, ending between two characters.
fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{envelope::Properties, error::HandlerError};

    fn copies(received: &Received, names: &Names, f: impl Fn(Copies<'_>) -> Envelope) -> Envelope {
        f(Copies { names, time_format: TimeFormat::default(), received })
    }

    fn event() -> Received {
        let properties = Properties {
            expiration: Some("500".into()),
            user_id: Some("guest".into()),
            priority: Some(3),
            ..Properties::default()
        };
        let headers = Headers::from_iter([
            ("PikaBus.MessageId", Value::from("id")),
            ("PikaBus.Intent", "event".into()),
            ("x-death", Value::Array(Vec::new())),
            ("shop", Value::I32(7)),
        ]);
        Received::new(Envelope::new(properties, headers, "body"), "PikaBusTopic", "orders.placed", "billing")
    }

    #[test]
    fn a_failed_message_keeps_what_it_was_and_says_what_happened() {
        let names = Names::default();
        let received = event();
        let failure = HandlerError::from("no card").into_failure();
        let copy = copies(&received, &names, |copies| copies.failed(&failure, 6));
        assert_eq!(&*copy.body, b"body");
        assert_eq!(copy.properties.expiration, None);
        assert_eq!(copy.properties.user_id, None);
        assert_eq!(copy.properties.priority, Some(3));
        assert_eq!(copy.headers.get("shop"), Some(&Value::I32(7)));
        assert_eq!(copy.headers.get("x-death"), None);
        assert_eq!(copy.headers.text("PikaBus.ErrorDetails"), Some("no card"));
        assert_eq!(copy.headers.text("PikaBus.ErrorType"), Some("&str"));
        assert_eq!(copy.headers.text("PikaBus.SourceQueue"), Some("billing"));
        assert_eq!(copy.headers.text("PikaBus.Topic"), Some("orders.placed"));
        assert_eq!(copy.headers.get("PikaBus.ErrorRetries"), Some(&Value::I64(6)));
        assert!(copy.headers.text("PikaBus.TimeOfFailure").is_some());
    }

    #[test]
    fn a_postponed_message_is_found_by_its_topic_again() {
        let names = Names::default();
        let received = event();
        let copy = copies(&received, &names, |copies| copies.postponed(Duration::from_secs(60), 0));
        let again = Received::new(copy, "", "billing", "billing");
        assert_eq!(again.facts(&names).topic(), "orders.placed");
        assert!(again.facts(&names).deferred_time().unwrap().unwrap() > now());
        assert_eq!(again.envelope.headers.get("PikaBus.ErrorRetries"), None);
    }

    #[test]
    fn details_are_cut_between_characters() {
        let failure = HandlerError::from("é".repeat(1_000_000)).into_failure();
        let details = details(&failure);
        assert!(details.len() <= MAX_DETAILS && details.len() > MAX_DETAILS - 2);
    }
}
