//! The contract promises nothing.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{Receipt, Refund};
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: true })
    }
}

fn main() {}
