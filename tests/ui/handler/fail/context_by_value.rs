//! The context is borrowed.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{Context, HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund, _ctx: Context) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
