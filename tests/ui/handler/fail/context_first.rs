//! The message comes first.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{Context, HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _ctx: &Context, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
