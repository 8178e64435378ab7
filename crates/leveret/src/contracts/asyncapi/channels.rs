use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{BINDING_VERSION, keys};
use crate::{
    contracts::{Description, keys::Keys},
    message::MessageKind,
    topology::Layout,
};

/// Where messages pass. Sorted as they stand in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place<'a> {
    /// The queue of an endpoint: commands, and the replies that it handles.
    Queue(&'a str),
    /// The queue that a command names for its reply.
    Replies,
    /// The topic of an event, or a pattern.
    Topic(&'a str),
}

impl Place<'_> {
    fn name(self) -> String {
        match self {
            Self::Queue(queue) => format!("queue.{queue}"),
            Self::Replies => "replies".to_owned(),
            Self::Topic(topic) => format!("topic.{topic}"),
        }
    }
}

/// All places, and which messages pass there.
pub(super) struct Channels<'a> {
    messages: BTreeMap<Place<'a>, BTreeSet<&'a str>>,
    keys: Keys,
}

impl<'a> Channels<'a> {
    pub(super) fn new(description: &'a Description) -> Self {
        let mut messages: BTreeMap<Place<'a>, BTreeSet<&str>> = BTreeMap::new();
        for endpoint in &description.endpoints {
            messages.entry(Place::Queue(&endpoint.name)).or_default();
            for route in &endpoint.routes {
                let place = match (route.kind, route.topic.as_deref()) {
                    (MessageKind::Reply, _) | (MessageKind::Any, None) => Place::Queue(&endpoint.name),
                    (MessageKind::Any, Some(pattern)) => Place::Topic(pattern),
                    _ => continue,
                };
                messages.entry(place).or_default().insert(&route.message);
            }
        }
        for contract in &description.contracts {
            let place = match contract.kind {
                MessageKind::Command => Place::Queue(&contract.address),
                MessageKind::Event => Place::Topic(&contract.address),
                MessageKind::Reply => Place::Replies,
                MessageKind::Any | MessageKind::Broken => continue,
            };
            messages.entry(place).or_default().insert(&contract.name);
        }
        let keys = keys(messages.keys().map(|place| place.name()));
        Self { messages, keys }
    }

    pub(super) fn reference(&self, place: Place<'_>) -> Value {
        json!({ "$ref": format!("#/channels/{}", self.keys.of(&place.name())) })
    }

    /// A message as it passes there.
    pub(super) fn message(&self, place: Place<'_>, key: &str) -> Value {
        json!({ "$ref": format!("#/channels/{}/messages/{key}", self.keys.of(&place.name())) })
    }

    /// All of them, by their keys.
    pub(super) fn components(&self, messages: &Keys, layout: &Layout) -> Map<String, Value> {
        let channels = self.messages.iter().map(|(place, passing)| {
            let mut channel = described(*place, layout);
            let passing = passing.iter().map(|name| {
                let key = messages.of(name);
                let reference = json!({ "$ref": format!("#/components/messages/{key}") });
                (key, reference)
            });
            channel.insert("messages".to_owned(), Value::Object(passing.collect()));
            (self.keys.of(&place.name()), Value::Object(channel))
        });
        channels.collect()
    }
}

fn described(place: Place<'_>, layout: &Layout) -> Map<String, Value> {
    let exchanges = &layout.exchanges;
    let channel = match place {
        Place::Queue(queue) => json!({
            "address": queue,
            "description": format!(
                "The queue of the endpoint `{queue}`, bound to the exchange `{}` by its own name.", exchanges.direct
            ),
            "bindings": { "amqp": {
                "is": "queue",
                "queue": { "name": queue, "durable": true, "exclusive": false, "autoDelete": false },
                "bindingVersion": BINDING_VERSION,
            } },
        }),
        Place::Topic(topic) => json!({
            "address": topic,
            "bindings": { "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": exchanges.topic.as_str(), "type": "topic", "durable": true, "autoDelete": false,
                },
                "bindingVersion": BINDING_VERSION,
            } },
        }),
        Place::Replies => json!({
            "address": null,
            "description": "The queue that the sender of a command names: its own, or that of a request.",
        }),
    };
    match channel {
        Value::Object(channel) => channel,
        _ => Map::new(),
    }
}
