//! Two handlers of anything, of one topic.

use leveret::{HandlerError, envelope::AnyMessage, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(topic = "audit.#")]
    async fn one(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "audit.#")]
    async fn two(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
