//! A mistake in a block is reported there, and not again where the service is used.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{Receipt, Refund};
use leveret::{Endpoint, HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: &Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn receipt(&self, _reply: Receipt) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn start(_: impl Endpoint) {}

fn main() {
    start(Billing);
}
