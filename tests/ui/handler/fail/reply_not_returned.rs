//! The contract promises a receipt.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::ChargeCard;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, _command: ChargeCard) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
