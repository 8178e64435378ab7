use std::time::Duration;

use crate::{
    headers::{Headers, Text, Value},
    transport::ArgumentMismatch,
};

/// What a queue's arguments ask for. Arguments that only concern disks and replicas are taken and change nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rules {
    /// Counts its lost deliveries in `x-delivery-count`.
    pub(super) quorum: bool,
    /// How often a quorum queue takes a message back.
    pub(super) delivery_limit: Option<u64>,
    pub(super) dead_letter: Option<DeadLetter>,
    /// How many ready messages it holds.
    pub(super) max_length: Option<u64>,
    /// A full queue refuses what comes, rather than to drop what it has.
    pub(super) reject_publish: bool,
    pub(super) ttl: Option<Duration>,
}

/// Where a queue's dead letters go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeadLetter {
    pub(super) exchange: Text,
    /// `None` for the key that the message came with.
    pub(super) routing_key: Option<Text>,
}

impl Rules {
    /// Reads the arguments of a queue; the error is the name of one that makes no sense.
    pub(super) fn parse(arguments: &Headers) -> Result<Self, &'static str> {
        let text = |name| match arguments.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(name),
        };
        let count = |name| match arguments.get(name) {
            None => Ok(None),
            Some(Value::Text(_)) => Err(name),
            Some(value) => match value.as_integer().map(u64::try_from) {
                Some(Ok(count)) => Ok(Some(count)),
                _ => Err(name),
            },
        };
        text("x-queue-type")?;
        let quorum = is_quorum(arguments);
        let delivery_limit = count("x-delivery-limit")?;
        if delivery_limit.is_some() && !quorum {
            return Err("x-delivery-limit");
        }
        let routing_key = text("x-dead-letter-routing-key")?.map(Text::from);
        let dead_letter = match text("x-dead-letter-exchange")? {
            Some(exchange) => Some(DeadLetter { exchange: exchange.into(), routing_key }),
            None if routing_key.is_some() => return Err("x-dead-letter-routing-key"),
            None => None,
        };
        Ok(Self {
            quorum,
            delivery_limit,
            dead_letter,
            max_length: count("x-max-length")?,
            reject_publish: match text("x-overflow")? {
                None | Some("drop-head") => false,
                Some("reject-publish" | "reject-publish-dlx") => true,
                Some(_) => return Err("x-overflow"),
            },
            ttl: count("x-message-ttl")?.map(Duration::from_millis),
        })
    }
}

/// The arguments that RabbitMQ compares, of every queue, of classic ones and of quorum ones (tried on 3.10). It takes any
/// others without looking at them.
const COMPARED: [&str; 9] = [
    "x-queue-type",
    "x-message-ttl",
    "x-expires",
    "x-max-length",
    "x-max-length-bytes",
    "x-overflow",
    "x-dead-letter-exchange",
    "x-dead-letter-routing-key",
    "x-single-active-consumer",
];
const COMPARED_OF_CLASSIC: [&str; 2] = ["x-max-priority", "x-queue-mode"];
const COMPARED_OF_QUORUM: [&str; 3] =
    ["x-delivery-limit", "x-dead-letter-strategy", "x-quorum-initial-group-size"];

/// The arguments in which a queue differs from what is declared now.
pub(super) fn differences(existing: &Headers, declared: &Headers) -> Vec<ArgumentMismatch> {
    let of_its_type: &[&str] = if is_quorum(existing) { &COMPARED_OF_QUORUM } else { &COMPARED_OF_CLASSIC };
    COMPARED
        .iter()
        .chain(of_its_type)
        .map(|name| (*name, value(existing, name), value(declared, name)))
        .filter(|(_, existing, declared)| !same(*existing, *declared))
        .map(|(name, existing, declared)| {
            let existing = existing.map(|value| value.to_text().unwrap_or_else(|| format!("{value:?}")));
            ArgumentMismatch::new(name, existing, declared.cloned())
        })
        .collect()
}

fn is_quorum(arguments: &Headers) -> bool {
    arguments.text("x-queue-type") == Some("quorum")
}

/// An argument; a queue that is said to be classic is like one of which nothing is said.
fn value<'a>(arguments: &'a Headers, name: &str) -> Option<&'a Value> {
    arguments.get(name).filter(|value| name != "x-queue-type" || value.as_str() != Some("classic"))
}

/// Integers are equal by value, whatever their types.
fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => a == b,
        (Some(Value::Text(_)), Some(_)) | (Some(_), Some(Value::Text(_))) => false,
        (Some(a), Some(b)) => a == b || a.as_integer().is_some_and(|n| b.as_integer() == Some(n)),
        (a, b) => a.is_none() && b.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_rules() {
        let arguments = Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-delivery-limit", Value::I64(3)),
            ("x-dead-letter-exchange", "".into()),
            ("x-dead-letter-routing-key", "error".into()),
            ("x-max-length", Value::U8(2)),
            ("x-overflow", "reject-publish".into()),
            ("x-message-ttl", Value::I32(1500)),
        ]);
        let expected = Rules {
            quorum: true,
            delivery_limit: Some(3),
            dead_letter: Some(DeadLetter { exchange: "".into(), routing_key: Some("error".into()) }),
            max_length: Some(2),
            reject_publish: true,
            ttl: Some(Duration::from_millis(1500)),
        };
        assert_eq!(Rules::parse(&arguments), Ok(expected));
        assert_eq!(Rules::parse(&Headers::new()), Ok(Rules::default()));
        let senseless = [
            ("x-message-ttl", Value::from("soon")),
            ("x-max-length", Value::I32(-1)),
            ("x-overflow", "explode".into()),
            ("x-dead-letter-routing-key", "without an exchange".into()),
            ("x-delivery-limit", Value::I32(5)), // of a classic queue
        ];
        for (name, value) in senseless {
            assert_eq!(Rules::parse(&Headers::from_iter([(name, value)])), Err(name));
        }
    }

    #[test]
    fn every_difference_is_named() {
        let quorum = |others: &[(&'static str, Value)]| {
            Headers::from_iter([("x-queue-type", "quorum".into())].into_iter().chain(others.iter().cloned()))
        };
        let existing = quorum(&[("x-delivery-limit", Value::I64(20))]);
        assert_eq!(differences(&existing, &quorum(&[("x-delivery-limit", Value::I32(20))])), []);
        let other = [("x-delivery-limit", Value::I32(5)), ("x-overflow", "drop-head".into())];
        assert_eq!(
            differences(&existing, &other.into_iter().collect()),
            [
                ArgumentMismatch::new("x-queue-type", Some("quorum".to_owned()), None),
                ArgumentMismatch::new("x-overflow", None, Some("drop-head".into())),
                ArgumentMismatch::new("x-delivery-limit", Some("20".to_owned()), Some(Value::I32(5))),
            ]
        );
    }

    #[test]
    fn what_a_type_of_queue_does_not_know_is_not_compared() {
        let plain = Headers::new();
        let more =
            [("x-queue-type", Value::from("classic")), ("x-delivery-limit", 5.into()), ("note", "".into())];
        assert_eq!(differences(&plain, &more.into_iter().collect()), []);
        let quorum = Headers::from_iter([("x-queue-type", "quorum")]);
        let more = [("x-queue-type", Value::from("quorum")), ("x-max-priority", 5.into())];
        assert_eq!(differences(&quorum, &more.into_iter().collect()), []);
    }
}
