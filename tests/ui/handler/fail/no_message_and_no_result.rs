//! Two mistakes in one signature: a parameter without contract, and a return type that no contract asks for.

use leveret::handler;

struct Plain;
struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Plain) -> String {
        String::new()
    }
}

fn main() {}
