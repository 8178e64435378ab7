//! A parameter without a contract.

use leveret::{HandlerError, handler};

struct Plain;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Plain) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
