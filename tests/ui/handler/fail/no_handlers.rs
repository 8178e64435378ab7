//! A block without handlers.

use leveret::handler;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    async fn refund(&self) {}
}

fn main() {}
