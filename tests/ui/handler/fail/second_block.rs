//! One block for one endpoint.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{OrderPlaced, Refund};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
