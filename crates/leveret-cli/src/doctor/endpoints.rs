use super::{Finding, subject::Subject};
use crate::management::Queue;

/// The queues of endpoints: that they get what is sent to them, and lose nothing.
pub(super) fn examine(subject: &Subject<'_>) -> Vec<Finding> {
    let endpoints: Vec<_> =
        subject.snapshot.queues.iter().filter(|queue| subject.is_endpoint(queue)).collect();
    let mut findings = Vec::new();
    for exchange in [subject.direct, subject.topic] {
        if !endpoints.is_empty() && !subject.has_exchange(exchange) {
            findings.push(format!("there is no exchange `{exchange}`, and endpoints have queues here"));
        }
    }
    findings.extend(endpoints.iter().flat_map(|queue| endpoint(subject, queue)));
    findings.extend(subject.snapshot.queues.iter().flat_map(|queue| dead_letters(subject, queue)));
    findings
}

fn endpoint(subject: &Subject<'_>, queue: &Queue) -> Vec<Finding> {
    let (name, mut findings) = (&queue.name, Vec::new());
    if !subject.is_bound(subject.direct, name, name) {
        findings.push(format!(
            "`{name}` is not bound to `{}` by its own name: commands do not reach it (start its endpoint again)",
            subject.direct
        ));
    }
    for key in ["max-length", "max-length-bytes"] {
        if let Some(limit) = queue.limit(key) {
            let what = match queue.setting("overflow") {
                Some("reject-publish" | "reject-publish-dlx") => "senders fail when it is full",
                _ => "it drops its oldest messages when it is full",
            };
            findings.push(format!("`{name}` has a length limit ({key} {limit}): {what}"));
        }
    }
    if queue.kind() == "quorum" && queue.setting("dead-letter-exchange").is_none() {
        let limit = queue.limit("delivery-limit");
        let is_new = subject.version().is_none_or(|version| version >= (4, 0));
        if limit.is_some_and(|limit| limit >= 0) || (limit.is_none() && is_new) {
            let limit = limit.unwrap_or(20);
            findings.push(format!(
                "`{name}` dead-letters nowhere: what is returned {limit} times is lost (delete it empty, and start its \
                 endpoint again)"
            ));
        }
    }
    let waiting = queue.messages.unwrap_or(0);
    if waiting > 0 && queue.consumers == Some(0) && !Subject::awaits_replies(queue) {
        findings.push(format!("{waiting} messages wait in `{name}`, and nobody consumes it"));
    }
    findings
}

/// Any queue: that what it cannot keep goes somewhere.
fn dead_letters(subject: &Subject<'_>, queue: &Queue) -> Vec<Finding> {
    let (name, mut findings) = (&queue.name, Vec::new());
    let target = queue
        .setting("dead-letter-routing-key")
        .filter(|_| queue.setting("dead-letter-exchange") == Some(""));
    if let Some(target) = target.filter(|target| subject.queue(target).is_none()) {
        findings.push(format!("`{name}` dead-letters into `{target}`, which does not exist"));
    }
    if let Some(exchange) = queue.setting("dead-letter-exchange").filter(|name| !name.is_empty())
        && !subject.has_exchange(exchange)
    {
        findings.push(format!("`{name}` dead-letters to the exchange `{exchange}`, which does not exist"));
    }
    if let Some(stuck) = queue.messages_dlx.filter(|stuck| *stuck > 0) {
        findings.push(format!(
            "{stuck} messages that left `{name}` have not arrived where they dead-letter: that queue is missing, full or \
             down"
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        doctor::error_queue::tests::{queue, subject},
        management::{Binding, Exchange, Snapshot},
    };

    fn frozen() -> Value {
        json!({"x-queue-type": "quorum", "x-delivery-limit": 20, "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": "error", "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish"})
    }

    fn snapshot(queue: Queue) -> Snapshot {
        let exchange = |name: &str| Exchange { name: name.into(), ..Exchange::default() };
        let bound = Binding {
            source: "PikaBusDirect".into(),
            destination: "billing".into(),
            destination_type: "queue".into(),
            routing_key: "billing".into(),
            ..Binding::default()
        };
        Snapshot {
            version: "4.0.5".into(),
            queues: vec![queue, super::super::error_queue::tests::queue("error", "classic", json!({}))],
            exchanges: vec![exchange("PikaBusDirect"), exchange("PikaBusTopic")],
            bindings: vec![bound],
            ..Snapshot::default()
        }
    }

    fn found(change: impl FnOnce(&mut Snapshot)) -> Vec<Finding> {
        let mut snapshot = snapshot(queue("billing", "quorum", frozen()));
        change(&mut snapshot);
        examine(&subject(&snapshot))
    }

    #[test]
    fn what_can_be_wrong_with_an_endpoint() {
        type Case = (&'static str, fn(&mut Snapshot), Option<&'static str>);
        let cases: [Case; 12] = [
            ("well", |_| {}, None),
            ("plain", |s| s.queues[0] = queue("billing", "classic", json!({})), None),
            ("a foreign queue", |s| s.queues.push(queue("other", "quorum", json!({}))), None),
            ("unbound", |s| s.bindings.clear(), Some("not bound")),
            ("no exchange", |s| s.exchanges.truncate(1), Some("no exchange `PikaBusTopic`")),
            ("no error queue", |s| s.queues.truncate(1), Some("`error`, which does not exist")),
            ("refuses", |s| s.queues[0].arguments["x-max-length"] = json!(9), Some("senders fail")),
            (
                "drops",
                |s| s.queues[0] = queue("billing", "classic", json!({"x-max-length-bytes": 9})),
                Some("drops its oldest"),
            ),
            ("no way out", |s| s.queues[0].arguments = json!({}), Some("returned 20 times is lost")),
            ("stuck", |s| s.queues[0].messages_dlx = Some(3), Some("3 messages that left `billing`")),
            (
                "alone",
                |s| (s.queues[0].messages, s.queues[0].consumers) = (Some(5), Some(0)),
                Some("nobody consumes"),
            ),
            (
                "no dead-letter exchange",
                |s| s.queues.push(queue("x", "classic", json!({"x-dead-letter-exchange": "gone"}))),
                Some("exchange `gone`"),
            ),
        ];
        for (name, change, expected) in cases {
            let findings = found(change);
            match expected {
                None => assert!(findings.is_empty(), "{name}: {findings:?}"),
                Some(text) => {
                    assert!(findings.len() == 1 && findings[0].contains(text), "{name}: {findings:?}");
                }
            }
        }
    }
}
