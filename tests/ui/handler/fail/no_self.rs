//! A handler is a method.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(_command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
