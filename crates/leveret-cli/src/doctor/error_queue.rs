use super::{Finding, subject::Subject};

/// A limit that people do not reach by looking.
const HIGH: i64 = 1000;
/// What makes a queue forget messages, or refuse them.
const LIMITS: [(&str, &str); 4] = [
    ("max-length", "a length limit"),
    ("max-length-bytes", "a length limit"),
    ("message-ttl", "a time to live"),
    ("expires", "an expiry"),
];

/// The queue of failed messages: nothing may vanish from it.
pub(super) fn examine(subject: &Subject<'_>) -> Vec<Finding> {
    let name = subject.error_queue;
    let Some(queue) = subject.queue(name) else { return Vec::new() };
    let mut findings = Vec::new();
    if queue.kind() == "quorum" {
        let is_new = subject.version().is_none_or(|version| version >= (4, 0));
        let verdict = match queue.limit("delivery-limit") {
            Some(limit) if limit >= HIGH => None,
            // RabbitMQ 4 takes -1 for no limit, 3.x for 0.
            Some(-1) if is_new => None,
            Some(limit) => Some(format!("drops what was returned {} times", limit.max(0))),
            None if is_new => Some("drops what was returned 20 times, the default of RabbitMQ 4".to_owned()),
            None => None,
        };
        findings.extend(verdict.map(|verdict| {
            format!(
                "`{name}` is a quorum queue and {verdict}, by looking at it for example: rabbitmqctl set_policy {name} \
                 '^{name}$' '{{\"delivery-limit\": 1000000}}' --apply-to queues (with -p for the virtual host)"
            )
        }));
    }
    for (key, what) in LIMITS {
        if let Some(limit) = queue.limit(key) {
            findings.push(format!(
                "`{name}` has {what} ({key} {limit}): failed messages can be lost or stay behind"
            ));
        }
    }
    findings
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;
    use crate::management::{Queue, Snapshot};

    pub(crate) fn subject(snapshot: &Snapshot) -> Subject<'_> {
        Subject { snapshot, error_queue: "error", direct: "PikaBusDirect", topic: "PikaBusTopic" }
    }

    pub(crate) fn queue(name: &str, kind: &str, arguments: serde_json::Value) -> Queue {
        Queue { name: name.into(), kind: Some(kind.into()), arguments, ..Queue::default() }
    }

    #[test]
    fn limits_of_each_generation() {
        let limit = |limit: i64| json!({"x-delivery-limit": limit});
        for (version, kind, arguments, expected) in [
            ("3.10.8", "classic", json!({}), None),
            ("4.3.0", "classic", json!({}), None),
            ("3.10.8", "quorum", json!({}), None),
            ("3.10.8", "quorum", limit(-1), Some("returned 0 times")),
            ("4.0.5", "quorum", json!({}), Some("returned 20 times")),
            ("4.0.5", "quorum", limit(20), Some("returned 20 times")),
            ("4.0.5", "quorum", limit(-1), None),
            ("4.0.5", "quorum", limit(1_000_000), None),
            ("4.0.5", "classic", json!({"x-max-length": 5}), Some("length limit")),
            ("4.0.5", "classic", json!({"x-message-ttl": 5}), Some("time to live")),
        ] {
            let queues = vec![queue("error", kind, arguments.clone())];
            let snapshot = Snapshot { version: version.into(), queues, ..Snapshot::default() };
            let findings = examine(&subject(&snapshot));
            match expected {
                None => assert!(findings.is_empty(), "{version} {kind} {arguments}: {findings:?}"),
                Some(text) => assert!(findings.len() == 1 && findings[0].contains(text), "{findings:?}"),
            }
        }
    }

    #[test]
    fn a_policy_counts() {
        let mut error = queue("error", "quorum", json!({}));
        error.effective_policy_definition = json!({"delivery-limit": 1_000_000});
        let snapshot = Snapshot { version: "4.0.5".into(), queues: vec![error], ..Snapshot::default() };
        assert!(examine(&subject(&snapshot)).is_empty());
    }
}
