//! A service as a strict user writes it, with the dependency under another name.
//!
//! It has one of everything that the macros write. That it compiles in each edition, and that no lint finds anything in
//! it, is the test.

use bus::{AnyMessage, Context, HandlerError, Message};
use serde::{Deserialize, Serialize};

/// A command with a reply.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Receipt, crate = "bus")]
#[non_exhaustive]
pub struct ChargeCard {
    /// How much.
    pub cents: u64,
    /// For what.
    pub why: String,
}

/// A command without.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", crate = "bus")]
#[non_exhaustive]
pub struct Refund {
    /// For what.
    pub why: String,
}

/// A reply.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(reply, name = "billing.Receipt", crate = "bus")]
#[non_exhaustive]
pub struct Receipt {
    /// Of whom.
    pub by: String,
}

/// An event.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(event, topic = "billing.charged", mandatory = false, crate = "bus")]
#[non_exhaustive]
pub struct Charged {
    /// For what.
    pub why: String,
}

/// A service with parts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Billing<G> {
    /// What does the work.
    pub gateway: G,
    /// Its name.
    pub name: String,
}

#[bus::handler(endpoint = "billing", crate = "bus")]
impl<G> Billing<G>
where
    G: Fn(u64) -> Result<(), String>,
{
    /// A handler with everything.
    #[handler(untyped)]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        (self.gateway)(command.cents)?;
        ctx.publish(Charged { why: command.why }).await?;
        Ok(Receipt { by: self.name.clone() })
    }

    /// A handler with nothing: it neither waits nor looks at the service or its message.
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), String> {
        Err(format!("refused: {}", command.why))
    }

    /// A handler of an event.
    #[handler(topic = "billing.*")]
    async fn charged(&self, _event: Charged) -> Result<(), HandlerError> {
        Ok(())
    }

    /// A handler with its lifetimes written out.
    #[handler]
    async fn receipt<'a>(&'a self, _reply: Receipt, _ctx: &'a Context) -> Result<(), HandlerError> {
        Ok(())
    }

    /// A handler of anything.
    #[handler(topic = "audit.#")]
    async fn audit(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

impl<G> Billing<G> {
    /// A new service.
    #[inline]
    #[must_use]
    pub const fn new(gateway: G, name: String) -> Self {
        Self { gateway, name }
    }
}
