//! A handler can fail.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, Receipt};
use leveret::handler;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, _command: ChargeCard) -> Receipt {
        Receipt { authorised: true }
    }
}

fn main() {}
