use crate::{
    delay::is_level,
    headers::{Headers, Value},
};

/// One entry of `x-death`: the broker took the message out of a queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Death<'a> {
    table: &'a Headers,
}

impl<'a> Death<'a> {
    /// The queue it was taken out of.
    pub(super) fn queue(self) -> Option<&'a str> {
        self.table.text("queue").filter(|queue| !queue.is_empty())
    }

    /// Why, in the broker's word: `delivery_limit`, `expired`, `rejected` or `maxlen`.
    pub(super) fn reason(self) -> Option<&'a str> {
        self.table.text("reason")
    }

    /// When, in seconds since 1970-01-01 UTC.
    pub(super) fn time(self) -> Option<u64> {
        match self.table.get("time")? {
            Value::Timestamp(seconds) => Some(*seconds),
            other => other.as_integer().and_then(|seconds| u64::try_from(seconds).ok()),
        }
    }

    /// The key by which it had come into that queue.
    pub(super) fn routing_key(self) -> Option<&'a str> {
        match self.table.get("routing-keys")? {
            Value::Array(keys) => keys.first()?.as_str(),
            other => other.as_str(),
        }
    }
}

/// What the broker wrote down, the newest first, without the levels of a delay: to pass those is no failure.
pub(super) fn deaths(headers: &Headers) -> impl DoubleEndedIterator<Item = Death<'_>> {
    let entries = match headers.get("x-death") {
        Some(Value::Array(entries)) => entries.as_slice(),
        _ => &[],
    };
    let tables = entries.iter().filter_map(|entry| match entry {
        Value::Table(table) => Some(Death { table }),
        _ => None,
    });
    tables.filter(|death| !death.queue().is_some_and(is_level))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An entry as RabbitMQ writes it.
    pub(crate) fn entry(queue: &str, reason: &str, key: &str, time: u64) -> Value {
        Value::Table(Headers::from_iter([
            ("count", Value::I64(1)),
            ("reason", reason.into()),
            ("queue", queue.into()),
            ("time", Value::Timestamp(time)),
            ("exchange", "".into()),
            ("routing-keys", Value::Array(vec![key.into()])),
        ]))
    }

    #[test]
    fn levels_and_nonsense_are_passed_over() {
        let entries = vec![
            entry("leveret.delay.v1.16.3", "expired", "0.1.x", 9),
            Value::I32(3),
            entry("billing", "delivery_limit", "billing", 8),
            Value::Table(Headers::new()),
            entry("shop", "rejected", "orders.placed", 7),
        ];
        let headers = Headers::from_iter([("x-death", Value::Array(entries))]);
        let queues: Vec<_> = deaths(&headers).map(Death::queue).collect();
        assert_eq!(queues, [Some("billing"), None, Some("shop")]);
        let newest = deaths(&headers).next().unwrap();
        assert_eq!((newest.reason(), newest.time()), (Some("delivery_limit"), Some(8)));
        assert_eq!(deaths(&headers).next_back().unwrap().routing_key(), Some("orders.placed"));
    }

    #[test]
    fn odd_types_are_no_deaths() {
        for odd in [Value::Void, Value::from("x"), Value::Table(Headers::new()), Value::Array(vec![])] {
            assert_eq!(deaths(&Headers::from_iter([("x-death", odd)])).count(), 0);
        }
        assert_eq!(deaths(&Headers::new()).count(), 0);
    }
}
