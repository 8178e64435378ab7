//! One handler takes what names no contract.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{Receipt, Refund};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(untyped)]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(untyped)]
    async fn receipt(&self, _reply: Receipt) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
