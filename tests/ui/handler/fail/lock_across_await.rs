//! A lock held across an await.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Billing {
    total: std::sync::Mutex<u64>,
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), HandlerError> {
        let mut total = self.total.lock().unwrap();
        std::future::ready(()).await;
        *total += command.cents;
        Ok(())
    }
}

fn main() {}
