//! A topic is said of a handler.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::OrderPlaced;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing", topic = "orders.*")]
impl Billing {
    #[handler]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
