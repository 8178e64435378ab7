//! A wildcard inside a word.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::OrderPlaced;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(topic = "orders.pl*")]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
