//! One message, two handlers.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn refund_again(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
