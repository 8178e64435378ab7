use std::sync::Arc;

use crate::{
    codec::Codec,
    envelope::{Names, Received},
    error::HandlerError,
    message::{Message, Raw},
};

/// A message on its way to a handler, as tower layers see it. Clones share it.
#[derive(Debug, Clone)]
pub struct Delivery {
    received: Arc<Received>,
    names: Arc<Names>,
    codec: Arc<dyn Codec>,
}

impl Delivery {
    /// The message as its contract.
    ///
    /// # Errors
    /// When the body does not fit the contract; trying again does not help.
    pub fn decode<M: Message>(&self) -> Result<M, HandlerError> {
        Ok(M::open(self.raw())?.message)
    }

    #[doc(hidden)]
    pub fn raw(&self) -> Raw<'_> {
        Raw { received: &self.received, names: &self.names, codec: &*self.codec }
    }
}
