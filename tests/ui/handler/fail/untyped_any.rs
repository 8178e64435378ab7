//! `AnyMessage` takes what no other handler does.

use leveret::{HandlerError, envelope::AnyMessage, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(untyped)]
    async fn anything(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
