//! The event has another topic.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::OrderPlaced;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(topic = "invoices.#")]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
