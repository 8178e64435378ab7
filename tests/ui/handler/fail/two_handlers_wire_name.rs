//! Two types of one wire name.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

#[derive(serde::Serialize, serde::Deserialize, leveret::Message)]
#[message(command, endpoint = "billing", name = "Refund")]
struct OldRefund;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn old_refund(&self, _command: OldRefund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
