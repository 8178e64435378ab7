use serde_json::{Map, Value, json};

use super::{
    BINDING_VERSION,
    headers::{headers, message_type},
    schemas::Schemas,
};
use crate::{
    contracts::{DescribedContract, Description, keys::Keys},
    envelope::Names,
    message::MessageKind,
};

/// How routes and messages are called that take whatever arrives.
const ANY: &str = "*";

/// The keys of all messages.
pub(super) fn keys(description: &Description) -> Keys {
    super::keys(description.contracts.iter().map(|contract| contract.name.as_str()).chain([ANY]))
}

/// Every contract as a message, by its key; and whatever else arrives, if somebody handles it.
pub(super) fn components(
    description: &Description,
    keys: &Keys,
    schemas: &Schemas<'_>,
    names: &Names,
) -> Map<String, Value> {
    let contracts = description.contracts.iter();
    let mut messages: Map<_, _> =
        contracts.map(|contract| (keys.of(&contract.name), message(contract, schemas, names))).collect();
    let mut routes = description.endpoints.iter().flat_map(|endpoint| &endpoint.routes);
    if routes.any(|route| route.kind == MessageKind::Any) {
        messages.insert(
            keys.of(ANY),
            json!({ "title": "Any message", "summary": "Whatever arrives, undecoded." }),
        );
    }
    messages
}

fn message(contract: &DescribedContract, schemas: &Schemas<'_>, names: &Names) -> Value {
    let also = contract.also.iter().map(String::as_str);
    let types: Vec<&str> = [contract.name.as_str()].into_iter().chain(also).collect();
    let mut message = json!({
        "name": contract.name,
        "title": contract.name,
        "headers": message_type(&types, names),
        "payload": { "$ref": schemas.reference(&contract.name) },
        "bindings": { "amqp": {
            "contentEncoding": "utf-8", "messageType": contract.name, "bindingVersion": BINDING_VERSION,
        } },
        "traits": [{ "$ref": format!("#/components/messageTraits/{}", trait_of(contract.kind)) }],
        "x-rust-type": contract.rust_type,
    });
    if let (Some(text), Value::Object(message)) = (contract.schema.get("description"), &mut message) {
        message.insert("description".to_owned(), text.clone());
    }
    message
}

/// What the messages of one kind have in common.
pub(super) fn traits(names: &Names) -> Value {
    let kinds = [MessageKind::Command, MessageKind::Event, MessageKind::Reply].map(|kind| {
        let described = json!({
            "contentType": "application/json",
            "headers": headers(kind, names),
            "correlationId": { "location": in_header(&names.correlation_id) },
        });
        (trait_of(kind).to_owned(), described)
    });
    kinds.into_iter().collect()
}

/// Where a header stands, as a runtime expression.
pub(super) fn in_header(name: &str) -> String {
    format!("$message.header#/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn trait_of(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Event => "event",
        MessageKind::Reply => "reply",
        _ => "command",
    }
}
