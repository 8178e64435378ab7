//! Handlers share the service.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&mut self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
