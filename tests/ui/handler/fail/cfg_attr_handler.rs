//! A mark that `cfg_attr` makes comes too late: the block is read before it.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[cfg_attr(all(), handler)]
    async fn refund_late(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
