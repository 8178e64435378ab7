//! A message that depends on the service.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

trait Service {
    type Command;
}

struct Billing;

impl Service for Billing {
    type Command = Refund;
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: <Self as Service>::Command) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
