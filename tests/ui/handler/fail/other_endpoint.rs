//! A command of another endpoint.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Ship;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn ship(&self, _command: Ship) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
