//! Two handlers of anything, both without a topic.

use leveret::{HandlerError, envelope::AnyMessage, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn one(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn two(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
