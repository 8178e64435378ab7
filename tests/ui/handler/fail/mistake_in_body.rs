//! A mistake in a body is rustc's to report, alone.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), HandlerError> {
        let cents: u32 = command.cents;
        Ok(())
    }
}

fn main() {}
