//! A misspelt key above the block.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpiont = "billing", prefetch = 10)]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
