use std::time::Duration;

use super::story;
use crate::{
    envelope::{Envelope, Names, Received, TimeFormat, from_now, now},
    error::Failure,
    headers::{Headers, Value},
};

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
        headers.insert(names.error_details.clone(), story::details(failure));
        headers.insert(names.error_type.clone(), story::type_name(failure));
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

    /// For the same queue, at once, because the broker has taken the message back for the `returns`-th time and counts
    /// that by itself only in a quorum queue. It is due: it was, when it was delivered.
    pub(super) fn counted(self, returns: u32) -> Envelope {
        let mut copy = self.plain();
        copy.headers.remove(&self.names.deferred_time);
        copy.headers.insert(self.names.redeliveries.clone(), i64::from(returns));
        copy
    }

    fn add_source(self, headers: &mut Headers, failures: u32) {
        headers.insert(self.names.error_retries.clone(), i64::from(failures));
        headers.insert(self.names.source_queue.clone(), &*self.received.queue);
    }

    /// The message without what only this delivery of it had. The topic stays known though the key of a copy is a
    /// queue. Who writes a copy is alive, so what was counted to find out who is not begins anew.
    fn plain(self) -> Envelope {
        let mut copy = self.received.envelope.travelling_on();
        copy.headers.remove(&self.names.redeliveries);
        let facts = self.received.facts(self.names);
        if let Some(topic) = facts.event_topic().filter(|_| facts.is_event()) {
            copy.headers.insert(self.names.topic.clone(), Value::Text(topic.into()));
        }
        copy
    }
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
    fn returns_are_counted_until_the_message_travels_on() {
        let names = Names::default();
        let mut received = event();
        received.envelope.headers.insert("PikaBus.DeferredTime", "2026-08-07T16:32:19+00:00");
        received.envelope.headers.insert("PikaBus.ErrorRetries", 2_i32);
        received.envelope.headers.insert("PikaBus.Redeliveries", 6_i32);
        let copy = copies(&received, &names, |copies| copies.counted(7));
        assert_eq!(copy.headers.get("PikaBus.Redeliveries"), Some(&Value::I64(7)));
        assert_eq!(copy.headers.get("PikaBus.ErrorRetries"), Some(&Value::I32(2)));
        assert_eq!(copy.headers.get("PikaBus.DeferredTime"), None);
        assert_eq!(copy.headers.text("PikaBus.Topic"), Some("orders.placed"));
        assert_eq!(&*copy.body, b"body");
        let failure = HandlerError::from("no").into_failure();
        for copy in [
            copies(&received, &names, |copies| copies.postponed(Duration::ZERO, 3)),
            copies(&received, &names, |copies| copies.failed(&failure, 3)),
            copies(&received, &names, |copies| copies.failed_without_details(3)),
        ] {
            assert_eq!(copy.headers.get("PikaBus.Redeliveries"), None);
        }
    }
}
