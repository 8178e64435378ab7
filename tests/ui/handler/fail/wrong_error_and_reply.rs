//! Of a return type that is wrong in both parts, the reply is reported first.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::handler;

struct NotAnError;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<u8, NotAnError> {
        Ok(1)
    }
}

fn main() {}
