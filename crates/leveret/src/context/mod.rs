//! What a handler sees besides its message.

mod delivery;

pub use self::delivery::Delivery;

use crate::{error::HandlerError, message::Answer};

/// The bus as a handler sees it: inside the handler's transaction, with the facts of the delivery.
#[derive(Debug)]
pub struct Context {
    _private: (),
}

impl Context {
    /// Sends what a handler returned, if its contract promises something.
    ///
    /// # Errors
    /// When the reply cannot be encoded.
    pub async fn answer<R: Answer>(&self, _reply: R) -> Result<(), HandlerError> {
        Ok(())
    }
}
