use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    handler::Route,
    message::{Contract, MessageKind},
};

/// What a [`Catalogue`](super::Catalogue) says, as plain data that can be written and read as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Description {
    /// What documents are called.
    pub title: String,
    /// The version that documents name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The endpoints, in the order in which they were listed.
    #[serde(default)]
    pub endpoints: Vec<DescribedEndpoint>,
    /// The contracts, in the order in which they were listed.
    #[serde(default)]
    pub contracts: Vec<DescribedContract>,
}

impl Description {
    /// One that says nothing yet.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), version: None, endpoints: Vec::new(), contracts: Vec::new() }
    }

    /// The contract with this name on the wire.
    #[must_use]
    pub fn contract(&self, name: &str) -> Option<&DescribedContract> {
        self.contracts.iter().find(|contract| contract.name == name)
    }

    /// As JSON with indents.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, lists and values that are JSON already: there is nothing in it that JSON cannot say.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// An endpoint, as plain data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescribedEndpoint {
    /// Its name, and that of its queue.
    pub name: String,
    /// What it handles.
    pub routes: Vec<DescribedRoute>,
}

impl DescribedEndpoint {
    pub(super) fn new(name: &str, routes: &[Route]) -> Self {
        Self { name: name.to_owned(), routes: routes.iter().map(Into::into).collect() }
    }
}

/// A line of an endpoint's routing table, as plain data: see [`Route`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescribedRoute {
    /// The name of the handler's method.
    pub handler: String,
    /// What kind of message it takes.
    pub kind: MessageKind,
    /// The name of the contract on the wire; `*` for whatever arrives.
    pub message: String,
    /// The endpoint of a command, the topic of an event, as the contract says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The pattern that it subscribes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The name of the reply that the contract promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Whether it takes commands and replies that name no contract.
    #[serde(default, skip_serializing_if = "is_false")]
    pub untyped: bool,
    /// The names on the wire that it is read under besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

impl From<&Route> for DescribedRoute {
    fn from(route: &Route) -> Self {
        Self {
            handler: route.handler.to_owned(),
            kind: route.kind,
            message: route.message.to_owned(),
            address: route.address.to_owned(),
            topic: route.topic.map(Into::into),
            reply: route.reply.map(Into::into),
            untyped: route.untyped,
            also: route.also.iter().map(|&name| name.to_owned()).collect(),
        }
    }
}

/// A contract, as plain data: see [`Contract`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescribedContract {
    /// Its name on the wire.
    pub name: String,
    /// The path of its type in Rust.
    pub rust_type: String,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The endpoint of a command, the topic of an event, nothing for a reply.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The name of the reply that a command promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// Whether publishing an event that nobody subscribed to is an error.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub mandatory: bool,
    /// The one endpoint that may publish an event; `None` is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The names on the wire that it is read under besides its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What a reader of it accepts: a JSON Schema of draft 2020-12.
    pub schema: Value,
}

impl DescribedContract {
    pub(super) fn new(contract: &Contract, rust_type: &str, schema: Value) -> Self {
        Self {
            name: contract.name.to_owned(),
            rust_type: rust_type.to_owned(),
            kind: contract.kind,
            address: contract.address.to_owned(),
            reply: contract.reply.map(Into::into),
            mandatory: contract.mandatory,
            owner: contract.owner.map(Into::into),
            also: contract.also.iter().map(|&name| name.to_owned()).collect(),
            schema,
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}
