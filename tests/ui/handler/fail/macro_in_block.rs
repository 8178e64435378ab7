//! A macro inside the block comes too late: the block is read before it.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, Receipt, Refund};
use leveret::{HandlerError, handler};

macro_rules! one {
    () => {
        #[handler]
        async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
            Ok(())
        }
    };
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    one!();

    #[handler]
    async fn charge(&self, _command: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: true })
    }
}

fn main() {}
