//! A catalogue as a document of AsyncAPI 3.0.
//!
//! ```text
//! channels, operations, messages, headers   the parts of the document
//! schemas, draft07                          the payloads, in one place and in AsyncAPI's words
//! ```

mod channels;
mod draft07;
mod headers;
mod messages;
mod operations;
mod schemas;

use serde_json::{Value, json};

use self::{channels::Channels, operations::Operations, schemas::Schemas};
use super::{Description, keys::Keys};
use crate::{envelope::Names, topology::Layout};

/// The version of AsyncAPI's bindings for AMQP 0-9-1.
const BINDING_VERSION: &str = "0.3.0";

/// Names as keys of the document: AsyncAPI takes ASCII letters, digits, `.`, `-` and `_`.
fn keys<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Keys {
    Keys::new(names, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_'))
}

/// The document. It depends on nothing but what is given here, and on no order in it.
pub(super) fn document(description: &Description, layout: &Layout, header_prefix: &str) -> Value {
    let names = Names::with_prefix(header_prefix);
    let contracts: Vec<_> = description.contracts.iter().collect();
    let schemas = Schemas::new(&contracts);
    let messages = messages::keys(description);
    let channels = Channels::new(description);
    let operations =
        Operations { description, channels: &channels, messages: &messages, names: &names }.components();
    let mut document = json!({
        "asyncapi": "3.0.0",
        "info": { "title": description.title, "version": description.version.as_deref().unwrap_or("0.0.0") },
        "defaultContentType": "application/json",
        "channels": channels.components(&messages, layout),
        "operations": operations,
        "components": {
            "messages": messages::components(description, &messages, &schemas, &names),
            "messageTraits": messages::traits(&names),
            "schemas": schemas.components(),
        },
    });
    // Somewhere in the program serde_json may have been told to keep the order in which keys were set.
    document.sort_all_objects();
    document
}
