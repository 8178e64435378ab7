//! A type that does not exist is one mistake.

use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refnd) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
