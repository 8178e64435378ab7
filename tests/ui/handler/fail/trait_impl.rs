//! The mark goes above a block of the service's own.

use leveret::{HandlerError, handler};

trait Service {
    async fn refund(&self) -> Result<(), HandlerError>;
}

struct Billing;

#[handler(endpoint = "billing")]
impl Service for Billing {
    #[handler]
    async fn refund(&self) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
