//! An `Rc` across an await.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), HandlerError> {
        let shared = std::rc::Rc::new(command.cents);
        std::future::ready(()).await;
        drop(shared);
        Ok(())
    }
}

fn main() {}
