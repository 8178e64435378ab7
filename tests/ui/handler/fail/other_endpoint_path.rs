//! The caret is on the whole path.

use leveret::{HandlerError, handler};

#[path = "../../contracts.rs"]
mod contracts;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn ship(&self, _command: contracts::Ship) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
