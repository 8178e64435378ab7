//! All mistakes against contracts are shown at once.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, OrderPlaced, Ship};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn ship(&self, _command: Ship) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn charge(&self, _command: ChargeCard) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "invoices.placed")]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
