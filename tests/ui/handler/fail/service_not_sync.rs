//! Reported once, however many handlers there are.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{OrderPlaced, Refund};
use leveret::{HandlerError, handler};

struct Billing {
    cache: std::cell::RefCell<u64>,
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
