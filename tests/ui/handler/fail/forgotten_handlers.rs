//! Methods that take an event, a reply and anything, without `#[handler]`.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{OrderPlaced, Receipt, Refund};
use leveret::{AnyMessage, Context, HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    pub async fn placed(&self, _event: OrderPlaced, _ctx: &Context) -> Result<(), String> {
        Ok(())
    }

    async fn receipt(&self, _reply: Receipt) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn rest(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
