//! Methods that are no handlers and look much like one; patterns that come near each other.

#![deny(warnings)]

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{CardCharged, ChargeCard, OrderPlaced, Receipt, Refund, Ship};
use leveret::{AnyMessage, Bus, Context, Endpoint, HandlerError, SendError, handler};

pub struct Billing {
    bus: Bus,
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        self.log(&command);
        self.charge_later(command, ctx).await
    }

    /// Called by a handler.
    async fn charge_later(&self, command: ChargeCard, _ctx: &Context) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: command.cents < 100 })
    }

    /// Takes what a handler takes too, and is called from elsewhere.
    pub async fn charge_now(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: command.cents < 100 })
    }

    /// Of another endpoint, which nobody could handle here.
    pub async fn ship(&self, command: Ship) -> Result<(), HandlerError> {
        Ok(self.bus.send(command).await?)
    }

    /// Does not fail like a handler.
    pub async fn announce(&self, event: CardCharged) -> Result<(), SendError> {
        self.bus.publish(event).await
    }

    /// Is not `async`.
    pub fn is_small(&self, command: Refund) -> bool {
        command.cents < 100
    }

    /// Borrows.
    fn log(&self, command: &ChargeCard) {
        println!("{}", command.cents);
    }

    /// Takes no message.
    pub async fn settle(&self, cents: u64) -> Result<(), HandlerError> {
        println!("{cents}");
        Ok(())
    }

    #[handler(topic = "orders.*")]
    async fn placed(&self, event: OrderPlaced) -> Result<(), HandlerError> {
        println!("{}", event.order);
        Ok(())
    }

    /// The same topics as the event above, which goes to its own handler.
    #[handler(topic = "orders.*")]
    async fn orders(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "orders.*.*.#.late")]
    async fn late(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn rest(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

/// The way out: a block of its own.
impl Billing {
    pub async fn refund(&self, command: Refund, ctx: &Context) -> Result<(), HandlerError> {
        ctx.send(command).await?;
        Ok(())
    }
}

fn main() {
    assert_eq!(Billing::ROUTES.len(), 5);
}
