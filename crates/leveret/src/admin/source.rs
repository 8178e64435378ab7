use super::death::deaths;
use crate::{
    delay::address_of,
    envelope::{Names, Received},
    headers::Value,
};

/// The queue in which a message failed: what its header says, else the newest queue that the broker took it out of, else
/// where it was to go after its delay. `None` when nothing tells, or when it claims to come from the queue it is in.
pub(super) fn source(received: &Received, names: &Names) -> Option<String> {
    let headers = &received.envelope.headers;
    let said = headers.get(&names.source_queue).and_then(Value::to_text).filter(|queue| !queue.is_empty());
    let died = || deaths(headers).find_map(|death| death.queue().map(str::to_owned));
    let due = || waited_for(received).map(str::to_owned);
    said.or_else(died).or_else(due).filter(|queue| **queue != *received.queue)
}

/// Why the broker moved it, where no service has written down why.
pub(super) fn brokers_reason(received: &Received) -> Option<String> {
    if let Some(death) = deaths(&received.envelope.headers).next() {
        let (reason, queue) = (death.reason().unwrap_or("unknown"), death.queue().unwrap_or("unknown"));
        return Some(format!("moved by the broker out of `{queue}`: {reason}"));
    }
    waited_for(received).map(|queue| format!("undeliverable after its delay: no queue `{queue}`"))
}

/// The queue that a message was to go to after its delay.
fn waited_for(received: &Received) -> Option<&str> {
    Some(&*received.routing_key).filter(|_| received.has_waited()).and_then(address_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{admin::death::tests::entry, envelope::Envelope, headers::Headers};

    fn received(headers: Headers, exchange: &str, key: &str) -> Received {
        Received::new(Envelope::new(Default::default(), headers, ""), exchange, key, "error")
    }

    #[test]
    fn the_source_and_the_reason() {
        let said = |queue: Value| ("PikaBus.SourceQueue", queue);
        let died = |queue: &str| ("x-death", Value::Array(vec![entry(queue, "delivery_limit", "k", 1)]));
        let (level, late) = ("leveret.delay.v1.16.2", format!("{}a.b", "0.".repeat(31)));
        let cases = [
            (vec![], "", "error", None, None),
            (vec![said("shop".into())], "", "error", Some("shop"), None),
            (vec![said(Value::Bytes(b"shop".to_vec()))], "", "error", Some("shop"), None),
            (
                vec![said("shop".into()), died("billing")],
                "",
                "error",
                Some("shop"),
                Some("moved by the broker out of `billing`: delivery_limit"),
            ),
            (
                vec![said(Value::Array(vec![])), died("billing")],
                "",
                "error",
                Some("billing"),
                Some("moved by the broker out of `billing`: delivery_limit"),
            ),
            (vec![said("".into())], "", "error", None, None),
            (vec![said("error".into())], "", "error", None, None),
            (vec![died("leveret.delay.v1.16.2")], "", "error", None, None),
            (
                vec![died("leveret.delay.v1.16.2")],
                level,
                &late,
                Some("a.b"),
                Some("undeliverable after its delay: no queue `a.b`"),
            ),
        ];
        for (headers, exchange, key, queue, reason) in cases {
            let received = received(headers.into_iter().collect(), exchange, key);
            assert_eq!(source(&received, &Names::default()).as_deref(), queue, "{received:?}");
            assert_eq!(brokers_reason(&received).as_deref(), reason, "{received:?}");
        }
    }
}
