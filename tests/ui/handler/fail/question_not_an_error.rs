//! `?` on what is no error.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct NotAnError;

fn fails() -> Result<(), NotAnError> {
    Err(NotAnError)
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        fails()?;
        Ok(())
    }
}

fn main() {}
