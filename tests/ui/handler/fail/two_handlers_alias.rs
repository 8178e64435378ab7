//! An alias is the same message.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

type Alias = Refund;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn refund_again(&self, _command: Alias) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
