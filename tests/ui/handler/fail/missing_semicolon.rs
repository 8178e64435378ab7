//! A body without a semicolon: rustc says where.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), HandlerError> {
        let cents = command.cents
        let _ = cents;
        Ok(())
    }
}

fn main() {}
