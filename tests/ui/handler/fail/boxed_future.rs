//! A boxed future is no `async fn`.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

use std::pin::Pin;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    fn refund(
        &self,
        _command: Refund,
    ) -> Pin<Box<dyn Future<Output = Result<(), HandlerError>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

fn main() {}
