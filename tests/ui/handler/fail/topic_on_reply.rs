//! A reply has no topic.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Receipt;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(topic = "billing.*")]
    async fn receipt(&self, _reply: Receipt) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
