//! A service is shared between threads.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};
use std::rc::Rc;

struct Billing {
    total: Rc<u64>,
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
