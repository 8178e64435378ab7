use std::fmt;

use leveret::topology::{Binding, Exchange, Queue, Topology};

use super::arguments;
use crate::management::{self, Declared};

/// Where the delay gives messages to their queues: a binding from there is declared by whoever sends the first one.
const DELIVERY_EXCHANGE: &str = "leveret.delay.v1.16.delivery";

/// Where a broker is not as an endpoint declares it.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) how: How,
    /// The exchange, the queue or the binding.
    pub(super) what: String,
    /// What about it.
    pub(super) detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum How {
    /// The endpoint declares it, and the broker does not have it.
    Missing,
    /// The endpoint's queue has it, and no handler asks for it.
    Extra,
    /// Both have it, and not alike.
    Different,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
        })
    }
}

/// Everything in which the broker differs from the plan of the endpoint that has this queue.
pub(super) fn compare(plan: &Topology, queue: &str, live: &Declared) -> Vec<Difference> {
    let exchanges = plan.exchanges.iter().flat_map(|planned| exchange(planned, live));
    let queues = plan.queues.iter().flat_map(|planned| of_queue(planned, live));
    let missing =
        plan.bindings.iter().filter(|planned| !live.bindings.iter().any(|found| same(planned, found)));
    let missing =
        missing.map(|planned| difference(How::Missing, binding(&planned.exchange, &planned.key, queue), ""));
    exchanges.chain(queues).chain(missing).chain(extra(plan, queue, live)).collect()
}

fn difference(how: How, what: String, detail: impl Into<String>) -> Difference {
    Difference { how, what, detail: detail.into() }
}

fn exchange(planned: &Exchange, live: &Declared) -> Vec<Difference> {
    let what = || format!("exchange `{}`", planned.name);
    let Some(found) = live.exchanges.iter().find(|found| found.name == planned.name) else {
        return vec![difference(How::Missing, what(), planned.kind.as_str())];
    };
    let wanted = planned.kind.as_str();
    let kind =
        (found.kind != wanted).then(|| format!("is of type {}, and the endpoint wants {wanted}", found.kind));
    let flags = [
        (!found.durable, "is not durable"),
        (found.auto_delete, "is deleted automatically"),
        (found.internal, "is internal"),
    ];
    kind.into_iter().chain(raised(flags)).map(|detail| difference(How::Different, what(), detail)).collect()
}

fn of_queue(planned: &Queue, live: &Declared) -> Vec<Difference> {
    let what = || format!("queue `{}`", planned.name);
    let Some(found) = live.queues.iter().find(|found| found.name == planned.name) else {
        return vec![difference(How::Missing, what(), "")];
    };
    let flags = [
        (!found.durable, "is not durable"),
        (found.exclusive, "is exclusive to a connection"),
        (found.auto_delete, "is deleted automatically"),
    ];
    let arguments = arguments::differing(&planned.arguments, found);
    raised(flags).chain(arguments).map(|detail| difference(How::Different, what(), detail)).collect()
}

fn raised<const N: usize>(flags: [(bool, &str); N]) -> impl Iterator<Item = String> {
    flags.into_iter().filter(|(raised, _)| *raised).map(|(_, text)| text.to_owned())
}

/// Bindings of the endpoint's queue that no handler asks for. Every queue is bound to the default exchange.
fn extra(plan: &Topology, queue: &str, live: &Declared) -> Vec<Difference> {
    let leads_here = |found: &&management::Binding| {
        found.destination == queue
            && found.destination_type == "queue"
            && !found.source.is_empty()
            && found.source != DELIVERY_EXCHANGE
    };
    let asked_for = |found: &&management::Binding| plan.bindings.iter().any(|planned| same(planned, found));
    let extra = live.bindings.iter().filter(leads_here).filter(|found| !asked_for(found));
    extra
        .map(|found| {
            let arguments = found.arguments.as_object().filter(|arguments| !arguments.is_empty());
            let detail = arguments.map(|_| format!("with arguments {}", found.arguments)).unwrap_or_default();
            difference(How::Extra, binding(&found.source, &found.routing_key, queue), detail)
        })
        .collect()
}

fn same(planned: &Binding, found: &management::Binding) -> bool {
    found.source == planned.exchange
        && found.destination == planned.queue
        && found.destination_type == "queue"
        && found.routing_key == planned.key
        && found.arguments.as_object().is_none_or(serde_json::Map::is_empty)
}

fn binding(exchange: &str, key: &str, queue: &str) -> String {
    format!("binding `{exchange}` by `{key}` to `{queue}`")
}

#[cfg(test)]
mod tests {
    use leveret::topology::Layout;
    use serde_json::json;

    use super::*;
    use crate::management;

    fn plan() -> Topology {
        Layout::default().endpoint("billing", ["orders.*"])
    }

    /// What a broker has that the endpoint has started on.
    fn live() -> Declared {
        let exchanges = json!([
            { "name": "", "type": "direct", "durable": true },
            { "name": "PikaBusDirect", "type": "direct", "durable": true },
            { "name": "PikaBusTopic", "type": "topic", "durable": true },
        ]);
        let queues = json!([
            { "name": "error", "durable": true, "arguments": { "x-queue-type": "classic" } },
            { "name": "billing", "durable": true, "arguments": {
                "x-queue-type": "quorum", "x-delivery-limit": 20, "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": "error", "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            } },
        ]);
        let bound = |source: &str, key: &str| {
            json!({
                "source": source, "destination": "billing", "destination_type": "queue", "routing_key": key, "arguments": {},
            })
        };
        let bindings = json!([
            bound("", "billing"),
            bound("PikaBusDirect", "billing"),
            bound("PikaBusTopic", "orders.*"),
            bound(DELIVERY_EXCHANGE, "*.billing"),
        ]);
        Declared {
            exchanges: serde_json::from_value(exchanges).unwrap(),
            queues: serde_json::from_value(queues).unwrap(),
            bindings: serde_json::from_value(bindings).unwrap(),
        }
    }

    /// What is changed, how, and what is found then.
    type Case = (&'static str, fn(&mut Declared), &'static [&'static str]);

    fn check<const N: usize>(cases: [Case; N]) {
        for (name, change, expected) in cases {
            let mut live = live();
            change(&mut live);
            let found = compare(&plan(), "billing", &live);
            let found: Vec<_> =
                found.iter().map(|found| format!("{} {}: {}", found.how, found.what, found.detail)).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn exchanges_and_queues() {
        check([
            ("nothing", |_| {}, &[]),
            ("no exchange", |live| drop(live.exchanges.pop()), &["missing exchange `PikaBusTopic`: topic"]),
            (
                "another type",
                |live| live.exchanges[2].kind = "fanout".into(),
                &["different exchange `PikaBusTopic`: is of type fanout, and the endpoint wants topic"],
            ),
            (
                "flags of an exchange",
                |live| (live.exchanges[1].durable, live.exchanges[1].internal) = (false, true),
                &[
                    "different exchange `PikaBusDirect`: is not durable",
                    "different exchange `PikaBusDirect`: is internal",
                ],
            ),
            ("no queue", |live| drop(live.queues.pop()), &["missing queue `billing`: "]),
            (
                "other arguments",
                |live| {
                    live.queues[1].arguments["x-delivery-limit"] = json!(5);
                    live.queues[1].arguments["x-overflow"] = json!("drop-head");
                    live.queues[1].arguments["x-max-length"] = json!(9);
                    live.queues[0].arguments["x-queue-type"] = json!("quorum");
                },
                &[
                    "different queue `error`: x-queue-type is \"quorum\", and the endpoint does not set it",
                    "different queue `billing`: x-delivery-limit is 5, and the endpoint wants 20",
                    "different queue `billing`: x-max-length is 9, and the endpoint does not set it",
                    "different queue `billing`: x-overflow is \"drop-head\", and the endpoint wants \"reject-publish\"",
                ],
            ),
            (
                "a temporary queue",
                |live| live.queues[0].auto_delete = true,
                &["different queue `error`: is deleted automatically"],
            ),
        ]);
    }

    #[test]
    fn bindings() {
        check([
            (
                "unbound",
                |live| drop(live.bindings.remove(2)),
                &["missing binding `PikaBusTopic` by `orders.*` to `billing`: "],
            ),
            (
                "bound once more",
                |live| {
                    let old = live.bindings[2].clone();
                    live.bindings.push(management::Binding { routing_key: "old.*".into(), ..old });
                },
                &["extra binding `PikaBusTopic` by `old.*` to `billing`: "],
            ),
            (
                "bound with arguments",
                |live| live.bindings[2].arguments = json!({ "x": 1 }),
                &[
                    "missing binding `PikaBusTopic` by `orders.*` to `billing`: ",
                    "extra binding `PikaBusTopic` by `orders.*` to `billing`: with arguments {\"x\":1}",
                ],
            ),
        ]);
    }
}
