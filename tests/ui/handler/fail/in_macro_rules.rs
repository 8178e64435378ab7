//! A block that a macro writes.

use leveret::{HandlerError, handler};

#[path = "../../contracts.rs"]
mod contracts;

macro_rules! block {
    ($message:ty, $reply:ty) => {
        struct Billing;

        #[handler(endpoint = "billing")]
        impl Billing {
            #[handler]
            async fn refund(&self, _command: $message) -> Result<$reply, HandlerError> {
                todo!()
            }
        }
    };
}

block!(contracts::Refund, u8);

fn main() {}
