use crate::{envelope::Received, headers::Value};

/// What a quorum queue says of a message that it has taken back.
const DELIVERY_COUNT: &str = "x-delivery-count";
/// RabbitMQ 4 drops from a quorum queue what was returned 20 times. A consumer of ours takes one message at a time once
/// it sees one with 10 returns, so what is renewed before that is renewed quickly.
const AGED: i64 = 8;

/// Whether the queue that it comes from is known to count how often it takes a message back.
pub(super) fn are_counted(received: &Received) -> bool {
    received.envelope.headers.get(DELIVERY_COUNT).is_some()
}

/// Whether the message must be renewed before it is returned once more.
pub(super) fn are_many(received: &Received) -> bool {
    received.envelope.headers.get(DELIVERY_COUNT).and_then(Value::as_integer).unwrap_or(0) >= AGED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{envelope::Envelope, headers::Headers};

    #[test]
    fn counts_of_all_types() {
        for (count, counted, many) in [
            (None, false, false),
            (Some(Value::I64(0)), true, false),
            (Some(Value::I64(7)), true, false),
            (Some(Value::I64(8)), true, true),
            (Some(Value::U8(20)), true, true),
            (Some(Value::Void), true, false),
        ] {
            let headers: Headers = count.into_iter().map(|count| (DELIVERY_COUNT, count)).collect();
            let received =
                Received::new(Envelope::new(Default::default(), headers, ""), "", "error", "error");
            assert_eq!((are_counted(&received), are_many(&received)), (counted, many), "{received:?}");
        }
    }
}
