//! A parameter of the block is no message.

use leveret::{HandlerError, handler};

struct Billing<M>(M);

#[handler(endpoint = "billing")]
impl<M: leveret::Message + Sync> Billing<M> {
    #[handler]
    async fn refund(&self, _command: M) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
