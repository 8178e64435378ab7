//! A reference is no message, by whatever name.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

type Borrowed<'a> = &'a Refund;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Borrowed<'_>) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
