use super::{
    death::deaths,
    source::{brokers_reason, source},
};
use crate::{
    envelope::{Envelope, Intent, Names, Received, TimeFormat},
    headers::{Headers, Value},
    transport::{COPY_ROOM, FRAME_MAX, header_len},
};

/// The header of the copies that a look-through leaves behind.
const RENEWED: &str = "Renewed";
/// What a redriven message must not carry any more: it begins anew.
const RESET: [&str; 8] = [
    "ErrorDetails",
    "ErrorType",
    "SourceQueue",
    "TimeOfFailure",
    "ErrorRetries",
    "Redeliveries",
    "DeferredTime",
    "ExpiresAt",
];
/// Makes the copies in which failed messages go on. Body and unknown headers stay as they are.
#[derive(Debug, Clone)]
pub(super) struct Copies {
    names: Names,
    prefix: String,
}

impl Copies {
    pub(super) fn new(prefix: &str) -> Self {
        Self { names: Names::with_prefix(prefix), prefix: prefix.to_owned() }
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// For the same queue, so that the broker begins to count anew. It says itself what only the broker knew of the
    /// original.
    pub(super) fn renewed(&self, received: &Received) -> Envelope {
        let mut copy = self.told(received);
        copy.headers.insert(self.name(RENEWED), true);
        copy
    }

    /// Whether a message is such a copy.
    pub(super) fn is_renewed(&self, received: &Received) -> bool {
        received.envelope.headers.get(&self.name(RENEWED)).is_some()
    }

    /// For the queue where it failed: as if it had never failed, and with what was removed under another name.
    pub(super) fn redriven(&self, received: &Received) -> Envelope {
        let mut copy = self.told(received);
        let headers = &mut copy.headers;
        for suffix in RESET {
            if let Some(value) = headers.remove(&self.name(suffix)) {
                headers.insert(self.original(suffix), value);
            }
        }
        if header_len(&copy) > (FRAME_MAX - COPY_ROOM) as usize {
            // The longest of them is the one that a message can go on without.
            copy.headers.remove(&self.original("ErrorDetails"));
        }
        copy
    }

    /// The message without what only this delivery of it had, and with what the broker knew of it written out. The same
    /// for an original and for its renewed copy.
    pub(super) fn told(&self, received: &Received) -> Envelope {
        let mut copy = received.envelope.travelling_on();
        copy.headers.remove(&self.name(RENEWED));
        let original = &received.envelope.headers;
        let newest = deaths(original).next().and_then(|death| death.time());
        let facts = [
            ("SourceQueue", source(received, &self.names)),
            ("ErrorDetails", brokers_reason(received)),
            ("TimeOfFailure", newest.and_then(written)),
            ("Topic", self.topic(received)),
        ];
        for (suffix, fact) in facts {
            let name = self.name(suffix);
            if let Some(fact) = fact.filter(|_| !is_told(&copy.headers, &name)) {
                copy.headers.insert(name, fact);
            }
        }
        copy
    }

    /// The key by which an event first arrived: the oldest queue that the broker took it out of knows it.
    fn topic(&self, received: &Received) -> Option<String> {
        let oldest = deaths(&received.envelope.headers).next_back()?;
        let is_command = received.facts(&self.names).intent() == Some(Intent::Command);
        let key = oldest.routing_key().filter(|key| Some(*key) != oldest.queue() && !is_command)?;
        Some(key.to_owned())
    }

    fn name(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.prefix)
    }

    fn original(&self, suffix: &str) -> String {
        format!("{}Original{suffix}", self.prefix)
    }
}

fn is_told(headers: &Headers, name: &str) -> bool {
    headers.get(name).and_then(Value::to_text).is_some_and(|text| !text.is_empty())
}

fn written(seconds: u64) -> Option<String> {
    let at = time::OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    Some(TimeFormat::default().write(at).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{admin::death::tests::entry, envelope::Properties};

    fn failed() -> Received {
        let properties = Properties {
            expiration: Some("500".into()),
            user_id: Some("guest".into()),
            priority: Some(3),
            ..Properties::default()
        };
        let headers = Headers::from_iter([
            ("PikaBus.MessageId", Value::from("id")),
            ("PikaBus.ErrorDetails", "no card".into()),
            ("PikaBus.ErrorType", "Declined".into()),
            ("PikaBus.SourceQueue", "billing".into()),
            ("PikaBus.TimeOfFailure", "2026-08-07T16:32:19.123456+00:00".into()),
            ("PikaBus.ErrorRetries", Value::I64(6)),
            ("PikaBus.DeferredTime", "2026-08-07T16:32:19.123456+00:00".into()),
            ("x-delivery-count", Value::I64(12)),
            ("shop", Value::I32(7)),
        ]);
        Received::new(Envelope::new(properties, headers, "body"), "", "error", "error")
    }

    #[test]
    fn a_redriven_message_begins_anew_and_keeps_what_happened() {
        let copy = Copies::new("PikaBus.").redriven(&failed());
        let headers = &copy.headers;
        for gone in RESET {
            assert_eq!(headers.get(&format!("PikaBus.{gone}")), None, "{gone}");
        }
        assert_eq!(headers.get("x-delivery-count"), None);
        assert_eq!(headers.text("PikaBus.OriginalErrorDetails"), Some("no card"));
        assert_eq!(headers.text("PikaBus.OriginalSourceQueue"), Some("billing"));
        assert_eq!(headers.get("PikaBus.OriginalErrorRetries"), Some(&Value::I64(6)));
        assert_eq!(headers.text("PikaBus.MessageId"), Some("id"));
        assert_eq!(headers.get("shop"), Some(&Value::I32(7)));
        assert_eq!(&*copy.body, b"body");
        assert_eq!((copy.properties.expiration, copy.properties.user_id), (None, None));
        assert_eq!((copy.properties.priority, copy.properties.persistent), (Some(3), true));
    }

    #[test]
    fn what_only_the_broker_knew_is_written_out() {
        let died = entry("billing", "delivery_limit", "orders.placed", 1_786_120_339);
        let headers = Headers::from_iter([("x-death", Value::Array(vec![died]))]);
        let received = Received::new(Envelope::new(Properties::default(), headers, ""), "", "error", "error");
        let copies = Copies::new("P.");
        let renewed = copies.renewed(&received);
        assert_eq!(renewed.headers.text("P.SourceQueue"), Some("billing"));
        assert_eq!(renewed.headers.text("P.Topic"), Some("orders.placed"));
        assert_eq!(renewed.headers.text("P.TimeOfFailure"), Some("2026-08-07T16:32:19.000000+00:00"));
        assert_eq!(renewed.headers.get("x-death"), None);
        let again = Received::new(renewed, "", "error", "error");
        assert_eq!(copies.told(&again), copies.told(&received));
        assert!(copies.redriven(&again).headers.get("P.Renewed").is_none());
    }

    #[test]
    fn a_commands_key_is_no_topic() {
        let headers = Headers::from_iter([
            ("PikaBus.Intent", "command".into()),
            ("x-death", Value::Array(vec![entry("billing", "rejected", "alias", 1)])),
        ]);
        let received = Received::new(Envelope::new(Properties::default(), headers, ""), "", "error", "error");
        assert_eq!(Copies::new("PikaBus.").redriven(&received).headers.get("PikaBus.Topic"), None);
    }

    #[test]
    fn details_give_way_where_the_header_is_full() {
        let mut received = failed();
        received.envelope.headers.insert("PikaBus.ErrorDetails", "x".repeat(16_000));
        received.envelope.headers.insert("long", "y".repeat(114_000));
        let copy = Copies::new("PikaBus.").redriven(&received);
        assert_eq!(copy.headers.get("PikaBus.OriginalErrorDetails"), None);
        assert!(copy.headers.text("PikaBus.OriginalErrorType").is_some());
    }
}
