//! A pattern of more bytes than AMQP can carry.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::OrderPlaced;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[rustfmt::skip]
    #[handler(topic =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    async fn placed(&self, _event: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
