use serde_json::{Map, Value, json};

use super::{
    BINDING_VERSION,
    channels::{Channels, Place},
    keys,
    messages::in_header,
};
use crate::{
    contracts::{DescribedContract, DescribedEndpoint, DescribedRoute, Description, keys::Keys},
    envelope::Names,
    message::MessageKind,
};

/// Who does what: a handler receives; an owner publishes its event; what belongs to an endpoint that is not in the
/// catalogue is sent there.
pub(super) struct Operations<'a> {
    pub(super) description: &'a Description,
    pub(super) channels: &'a Channels<'a>,
    pub(super) messages: &'a Keys,
    pub(super) names: &'a Names,
}

impl Operations<'_> {
    /// All of them, by their keys.
    pub(super) fn components(&self) -> Map<String, Value> {
        let received = self.description.endpoints.iter().flat_map(|endpoint| {
            let named = |route: &DescribedRoute| format!("receive.{}.{}", endpoint.name, route.handler);
            endpoint.routes.iter().map(move |route| (named(route), self.receive(endpoint, route)))
        });
        let sent = self.description.contracts.iter().filter_map(|contract| match contract.kind {
            MessageKind::Event => Some((format!("publish.{}", contract.name), self.publish(contract))),
            MessageKind::Command if self.is_foreign(contract) => {
                Some((format!("send.{}", contract.name), self.send(contract)))
            }
            _ => None,
        });
        let all: Vec<(String, Value)> = received.chain(sent).collect();
        let keys = keys(all.iter().map(|(name, _)| name.as_str()));
        all.into_iter().map(|(name, operation)| (keys.of(&name), operation)).collect()
    }

    fn receive(&self, endpoint: &DescribedEndpoint, route: &DescribedRoute) -> Value {
        let place = match (route.kind, route.topic.as_deref()) {
            (MessageKind::Event, _) => Place::Topic(&route.address),
            (MessageKind::Any, Some(pattern)) => Place::Topic(pattern),
            _ => Place::Queue(&endpoint.name),
        };
        let what = if route.kind == MessageKind::Any { "whatever arrives" } else { &route.message };
        let mut operation = json!({
            "action": "receive",
            "summary": format!("{} handles {what} in {}.", endpoint.name, route.handler),
            "channel": self.channels.reference(place),
            "messages": [self.channels.message(place, &self.messages.of(&route.message))],
            "tags": [{ "name": endpoint.name }],
            "bindings": { "amqp": { "ack": true, "bindingVersion": BINDING_VERSION } },
            "x-leveret-endpoint": endpoint.name,
            "x-leveret-handler": route.handler,
        });
        set(&mut operation, "x-leveret-pattern", route.topic.as_deref().map(Value::from));
        set(&mut operation, "x-leveret-untyped", route.untyped.then_some(Value::Bool(true)));
        set(&mut operation, "reply", route.reply.as_deref().map(|reply| self.reply(reply)));
        operation
    }

    fn publish(&self, event: &DescribedContract) -> Value {
        let place = Place::Topic(&event.address);
        let summary = match &event.owner {
            Some(owner) => format!("{owner} publishes {}.", event.name),
            None => format!("{} is published.", event.name),
        };
        let mut operation = self.sent(event, place, &summary);
        set(&mut operation, "tags", event.owner.as_deref().map(|owner| json!([{ "name": owner }])));
        operation
    }

    fn send(&self, command: &DescribedContract) -> Value {
        let summary = format!("{} is sent to {}.", command.name, command.address);
        let mut operation = self.sent(command, Place::Queue(&command.address), &summary);
        set(&mut operation, "reply", command.reply.as_deref().map(|reply| self.reply(reply)));
        operation
    }

    fn sent(&self, contract: &DescribedContract, place: Place<'_>, summary: &str) -> Value {
        json!({
            "action": "send",
            "summary": summary,
            "channel": self.channels.reference(place),
            "messages": [self.channels.message(place, &self.messages.of(&contract.name))],
            "bindings": { "amqp": {
                "deliveryMode": 2,
                "mandatory": contract.mandatory,
                "timestamp": true,
                "bindingVersion": BINDING_VERSION,
            } },
        })
    }

    fn reply(&self, reply: &str) -> Value {
        json!({
            "address": { "location": in_header(&self.names.reply_to_address) },
            "channel": self.channels.reference(Place::Replies),
            "messages": [self.channels.message(Place::Replies, &self.messages.of(reply))],
        })
    }

    fn is_foreign(&self, command: &DescribedContract) -> bool {
        self.description.endpoints.iter().all(|endpoint| endpoint.name != command.address)
    }
}

fn set(operation: &mut Value, key: &str, value: Option<Value>) {
    if let (Value::Object(operation), Some(value)) = (operation, value) {
        operation.insert(key.to_owned(), value);
    }
}
