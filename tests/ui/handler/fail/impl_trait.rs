//! The routing table names the message.

use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: impl leveret::Message) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
