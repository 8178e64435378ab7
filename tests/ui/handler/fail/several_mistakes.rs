//! All mistakes of form are shown at once.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, OrderPlaced, Receipt, Refund};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn charge(_command: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: true })
    }

    #[handler(topic = "a..b")]
    async fn placed(&self, _event: &OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
