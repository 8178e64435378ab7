use std::collections::BTreeMap;

use super::{Finding, subject::Subject};
use crate::management::Queue;

const PREFIX: &str = "leveret.delay.v1.";

/// The levels of delayed messages: that what waits in them finds out again.
pub(super) fn examine(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (unit, levels) in units(subject) {
        let waiting: u64 = levels.values().filter_map(|queue| queue.messages).sum();
        let delivery = format!("{PREFIX}{unit}.delivery");
        if !subject.has_exchange(&delivery) {
            findings
                .push(format!("there is no exchange `{delivery}`: {waiting} delayed messages are orphaned"));
        } else if waiting > 0 && !subject.snapshot.bindings.iter().any(|binding| binding.source == delivery) {
            findings.push(format!("`{delivery}` leads to no queue: {waiting} delayed messages are orphaned"));
        }
        findings.extend(undeliverable(subject, &delivery));
        for (level, queue) in levels {
            findings.extend(orphans(subject, unit, level, queue));
        }
    }
    findings
}

/// The queues of each unit, by level.
fn units<'a>(subject: &Subject<'a>) -> BTreeMap<&'a str, BTreeMap<u32, &'a Queue>> {
    let mut units: BTreeMap<&str, BTreeMap<u32, &Queue>> = BTreeMap::new();
    for queue in &subject.snapshot.queues {
        let parts = queue.name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.'));
        if let Some((unit, level)) = parts.and_then(|(unit, level)| Some((unit, level.parse().ok()?))) {
            units.entry(unit).or_default().insert(level, queue);
        }
    }
    units
}

/// What is due and finds no queue must have a way out, or it holds up a level for everybody.
fn undeliverable(subject: &Subject<'_>, delivery: &str) -> Option<Finding> {
    let exchange = subject.snapshot.exchanges.iter().find(|exchange| exchange.name == delivery)?;
    let alternate = exchange.arguments.get("alternate-exchange").and_then(|name| name.as_str());
    match alternate {
        None => {
            Some(format!("`{delivery}` has no alternate exchange: a queue that is gone stalls the delay"))
        }
        // To `error`, however the error queues of single services are called: they all share the levels.
        Some(alternate) if !subject.leads_to(alternate, "error") => {
            Some(format!("`{alternate}` does not lead to `error`: a queue that is gone stalls the delay"))
        }
        Some(_) => None,
    }
}

/// Where the messages of a level go on to, exchanges of their own names included.
fn orphans(subject: &Subject<'_>, unit: &str, level: u32, queue: &Queue) -> Vec<Finding> {
    let name = &queue.name;
    let next = match level.checked_sub(1) {
        Some(below) => format!("{PREFIX}{unit}.{below}"),
        None => format!("{PREFIX}{unit}.delivery"),
    };
    let mut findings = Vec::new();
    let waiting = queue.messages.unwrap_or(0);
    if level > 0 && !subject.has_exchange(&next) {
        findings.push(format!(
            "there is no exchange `{next}`: {waiting} delayed messages in `{name}` are orphaned"
        ));
    }
    if subject.has_exchange(name) {
        for (destination, what) in [(name, "its own queue"), (&next, "the level below")] {
            if !subject.leads_to(name, destination) {
                findings.push(format!(
                    "the exchange `{name}` does not lead to {what}: delayed messages get lost"
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        doctor::error_queue::tests::{queue, subject},
        management::{Binding, Exchange, Snapshot},
    };

    /// Two levels, one destination.
    fn cascade() -> Snapshot {
        let name = |level: &str| format!("{PREFIX}16.{level}");
        let exchange = |name: String| Exchange { name, ..Exchange::default() };
        let bind = |source: String, destination: String| Binding {
            source,
            destination,
            destination_type: "queue".into(),
            routing_key: "#".into(),
            ..Binding::default()
        };
        let mut delivery = exchange(name("delivery"));
        delivery.arguments = json!({"alternate-exchange": "leveret.undeliverable"});
        let mut level = queue(&name("1"), "quorum", json!({}));
        level.messages = Some(7);
        Snapshot {
            queues: vec![queue(&name("0"), "quorum", json!({})), level, queue("error", "classic", json!({}))],
            exchanges: vec![exchange(name("0")), exchange(name("1")), delivery],
            bindings: vec![
                bind("leveret.undeliverable".into(), "error".into()),
                bind(name("delivery"), "billing".into()),
                bind(name("0"), name("0")),
                bind(name("0"), name("delivery")),
                bind(name("1"), name("1")),
                bind(name("1"), name("0")),
            ],
            ..Snapshot::default()
        }
    }

    #[test]
    fn what_can_be_wrong_with_a_cascade() {
        type Case = (fn(&mut Snapshot), &'static [&'static str]);
        let cases: [Case; 6] = [
            (|_| {}, &[]),
            (|s| s.exchanges[2].name.clear(), &["no exchange `leveret.delay.v1.16.delivery`: 7 delayed"]),
            (|s| s.exchanges[2].arguments = json!({}), &["no alternate exchange"]),
            (|s| drop(s.bindings.remove(0)), &["does not lead to `error`"]),
            (|s| drop(s.bindings.remove(1)), &["leads to no queue: 7 delayed"]),
            (|s| drop(s.bindings.pop()), &["does not lead to the level below"]),
        ];
        for (change, expected) in cases {
            let mut snapshot = cascade();
            change(&mut snapshot);
            let findings = examine(&subject(&snapshot));
            assert_eq!(findings.len(), expected.len(), "{findings:?}");
            for (finding, expected) in findings.iter().zip(expected) {
                assert!(finding.contains(expected), "{finding}");
            }
        }
    }
}
