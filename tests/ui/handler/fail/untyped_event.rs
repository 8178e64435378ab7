//! An event without a type is routed by its topic.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::OrderPlaced;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(untyped)]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
