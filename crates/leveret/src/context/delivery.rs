use std::sync::Arc;

use super::Scope;
use crate::{
    envelope::{Facts, Received},
    error::HandlerError,
    headers::Headers,
    message::{Message, Raw},
};

/// A message on its way to a handler, as tower layers see it. Clones share it.
#[derive(Debug, Clone)]
pub struct Delivery {
    received: Arc<Received>,
    handler: Option<&'static str>,
    attempt: u32,
    scope: Arc<Scope>,
}

impl Delivery {
    pub(crate) fn new(
        received: Arc<Received>,
        handler: Option<&'static str>,
        attempt: u32,
        scope: Arc<Scope>,
    ) -> Self {
        Self { received, handler, attempt, scope }
    }

    /// The message as its contract.
    ///
    /// # Errors
    /// When the body does not fit the contract; trying again does not help.
    pub fn decode<M: Message>(&self) -> Result<M, HandlerError> {
        Ok(M::open(self.raw())?.message)
    }

    /// What its headers and properties say.
    pub fn facts(&self) -> Facts<'_> {
        self.received.facts(&self.scope.services().settings().names)
    }

    /// The header table, as it came.
    pub fn headers(&self) -> &Headers {
        &self.received.envelope.headers
    }

    /// The message with everything that the broker told about it.
    pub fn received(&self) -> &Received {
        &self.received
    }

    pub(crate) fn shared(&self) -> &Arc<Received> {
        &self.received
    }

    /// The name of the handler's method, as [`Route::handler`](crate::handler::Route::handler) has it; `None` for a
    /// message that no handler takes, which fails behind the last layer.
    pub fn handler(&self) -> Option<&'static str> {
        self.handler
    }

    /// Which run of a handler this is for the message, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    #[doc(hidden)]
    pub fn raw(&self) -> Raw<'_> {
        let settings = self.scope.services().settings();
        Raw { received: &self.received, names: &settings.names, codec: &*settings.codec }
    }

    pub(crate) fn scope(&self) -> &Arc<Scope> {
        &self.scope
    }
}
