use std::{sync::Arc, time::Duration};

use crate::{
    headers::{Headers, Value},
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
    pub(super) exchange: Arc<str>,
    /// `None` for the key that the message came with.
    pub(super) routing_key: Option<Arc<str>>,
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
        let routing_key = text("x-dead-letter-routing-key")?.map(Arc::from);
        Ok(Self {
            quorum: text("x-queue-type")? == Some("quorum"),
            delivery_limit: count("x-delivery-limit")?,
            dead_letter: text("x-dead-letter-exchange")?
                .map(|exchange| DeadLetter { exchange: exchange.into(), routing_key }),
            max_length: count("x-max-length")?,
            reject_publish: matches!(text("x-overflow")?, Some("reject-publish" | "reject-publish-dlx")),
            ttl: count("x-message-ttl")?.map(Duration::from_millis),
        })
    }
}

/// The arguments in which a queue differs from what is declared now. As for RabbitMQ, integers are equal by value,
/// and only its own arguments count.
pub(super) fn differences(existing: &Headers, declared: &Headers) -> Vec<ArgumentMismatch> {
    let added = declared.iter().map(|(name, _)| name).filter(|name| existing.get(name).is_none());
    let names = existing.iter().map(|(name, _)| name).chain(added);
    names
        .filter(|name| name.starts_with("x-"))
        .map(|name| (name, existing.get(name), declared.get(name)))
        .filter(|(_, existing, declared)| !same(*existing, *declared))
        .map(|(name, existing, declared)| {
            let existing = existing.map(|value| value.to_text().unwrap_or_else(|| format!("{value:?}")));
            ArgumentMismatch::new(name, existing, declared.cloned())
        })
        .collect()
}

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
        for (name, value) in [("x-message-ttl", Value::from("soon")), ("x-max-length", Value::I32(-1))] {
            assert_eq!(Rules::parse(&Headers::from_iter([(name, value)])), Err(name));
        }
    }

    #[test]
    fn every_difference_is_named() {
        let existing = Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-delivery-limit", Value::I64(20)),
            ("note", "not RabbitMQ's".into()),
        ]);
        let same = Headers::from_iter([
            ("x-queue-type", Value::from("quorum")),
            ("x-delivery-limit", Value::I32(20)),
        ]);
        assert_eq!(differences(&existing, &same), []);
        let other =
            Headers::from_iter([("x-delivery-limit", Value::I32(5)), ("x-overflow", "drop-head".into())]);
        assert_eq!(
            differences(&existing, &other),
            [
                ArgumentMismatch::new("x-queue-type", Some("quorum".to_owned()), None),
                ArgumentMismatch::new("x-delivery-limit", Some("20".to_owned()), Some(Value::I32(5))),
                ArgumentMismatch::new("x-overflow", None, Some("drop-head".into())),
            ]
        );
    }
}
