//! An error that is none.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::handler;

struct NotAnError;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), NotAnError> {
        Ok(())
    }
}

fn main() {}
