//! A handler can fail.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::handler;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) {}
}

fn main() {}
