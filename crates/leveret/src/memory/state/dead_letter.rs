use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

use super::{
    State,
    queue::{Message, Stored},
};
use crate::{
    envelope::Envelope,
    headers::{Headers, Value},
};

/// Why a queue gave up on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Rejected,
    Expired,
    MaxLength,
    DeliveryLimit,
}

impl Reason {
    /// RabbitMQ's word for it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::MaxLength => "maxlen",
            Self::DeliveryLimit => "delivery_limit",
        }
    }
}

impl State {
    /// Moves a message where its queue's dead letters go, even into a full queue; without such a place it is dropped.
    pub(super) fn dead_letter(&mut self, from: &Arc<str>, stored: Stored, reason: Reason, now: Instant) {
        let Some(to) = self.queues.get(from).and_then(|queue| queue.rules.dead_letter.clone()) else {
            return;
        };
        let message = stored.message;
        let deaths = deaths(&message, from, reason);
        let routing_key = to.routing_key.unwrap_or_else(|| message.routing_key.clone());
        let queues = self.route(&to.exchange, &routing_key).unwrap_or_default();
        let envelope = Arc::new(dead(&message, from, reason, deaths.clone()));
        for name in queues.iter().filter(|name| !is_cycle(&deaths, name)) {
            let message = Message {
                envelope: Arc::clone(&envelope),
                exchange: to.exchange.clone(),
                routing_key: routing_key.clone(),
            };
            self.enqueue(name, message, now);
        }
    }
}

/// A dead message: with its history, and without the expiration that would kill it again.
fn dead(message: &Message, from: &str, reason: Reason, deaths: Vec<Value>) -> Envelope {
    let mut envelope = (*message.envelope).clone();
    envelope.properties.expiration = None;
    let headers = &mut envelope.headers;
    headers.insert("x-death", deaths);
    for (name, value) in [
        ("x-first-death-exchange", &*message.exchange),
        ("x-first-death-queue", from),
        ("x-first-death-reason", reason.as_str()),
    ] {
        if headers.get(name).is_none() {
            headers.insert(name, value);
        }
    }
    envelope
}

/// The `x-death` header after this death: the latest first, and one entry for each queue and reason.
fn deaths(message: &Message, from: &str, reason: Reason) -> Vec<Value> {
    let mut deaths = match message.envelope.headers.get("x-death") {
        Some(Value::Array(deaths)) => deaths.clone(),
        _ => Vec::new(),
    };
    let before = deaths.iter().position(|death| {
        text(death, "queue") == Some(from) && text(death, "reason") == Some(reason.as_str())
    });
    let mut death = match before.map(|at| deaths.remove(at)) {
        Some(Value::Table(death)) => death,
        _ => Headers::from_iter([
            ("queue", Value::from(from)),
            ("reason", reason.as_str().into()),
            ("exchange", (*message.exchange).into()),
            ("routing-keys", vec![Value::from(&*message.routing_key)].into()),
        ]),
    };
    let count = death.get("count").and_then(Value::as_integer).unwrap_or(0);
    death.insert("count", count.saturating_add(1));
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    death.insert("time", Value::Timestamp(since_1970.as_secs()));
    if let Some(expiration) = &message.envelope.properties.expiration {
        death.insert("original-expiration", expiration.as_str());
    }
    deaths.insert(0, death.into());
    deaths
}

/// Whether a message comes to a queue where it died before, and nobody rejected it since: it would go round for ever.
fn is_cycle(deaths: &[Value], queue: &str) -> bool {
    let Some(last) = deaths.iter().position(|death| text(death, "queue") == Some(queue)) else {
        return false;
    };
    deaths.iter().take(last + 1).all(|death| text(death, "reason") != Some(Reason::Rejected.as_str()))
}

fn text<'a>(death: &'a Value, name: &str) -> Option<&'a str> {
    match death {
        Value::Table(table) => table.text(name),
        _ => None,
    }
}
