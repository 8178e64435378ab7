use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Facts, Names, Received};
use crate::headers::Headers;

/// Whatever arrives, undecoded: for handlers that take everything on a topic, and for [`Bus::get`](crate::Bus::get).
#[derive(Debug, Clone)]
pub struct AnyMessage {
    received: Arc<Received>,
    names: Arc<Names>,
}

impl AnyMessage {
    pub(crate) fn new(received: Arc<Received>, names: Arc<Names>) -> Self {
        Self { received, names }
    }

    /// The name of its contract, if the sender wrote one. Python senders usually do not.
    pub fn message_type(&self) -> Option<String> {
        self.facts().message_type().map(Into::into)
    }

    /// The topic of an event, or the queue of a command: the key by which it first arrived.
    pub fn topic(&self) -> String {
        self.facts().topic().into()
    }

    /// The header table, as it came.
    pub fn headers(&self) -> &Headers {
        &self.received.envelope.headers
    }

    /// The body, as it came.
    pub fn body(&self) -> &[u8] {
        &self.received.envelope.body
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// When the body is not JSON, or does not fit `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.body())
    }

    /// What its headers and properties say.
    pub fn facts(&self) -> Facts<'_> {
        self.received.facts(&self.names)
    }

    /// The message with everything that the broker told about it.
    pub fn received(&self) -> &Received {
        &self.received
    }
}
