//! Two handlers of anything, of topics that one message can have.

use leveret::{AnyMessage, HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(topic = "orders.#")]
    async fn orders(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "orders.*")]
    async fn changes(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
