//! A handler takes a message.

use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
