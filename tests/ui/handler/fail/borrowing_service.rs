//! A service lives as long as its bus.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing<'a>(&'a str);

#[handler(endpoint = "billing")]
impl<'a> Billing<'a> {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
