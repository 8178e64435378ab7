//! A method that takes a command of this endpoint, without `#[handler]`.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, Receipt, Refund};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn charge(&self, _command: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: true })
    }
}

fn main() {}
