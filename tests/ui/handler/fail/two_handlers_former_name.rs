use leveret::{HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", also = "Refund")]
struct PayBack {
    cents: u64,
}

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing")]
struct Refund {
    cents: u64,
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn pay_back(&self, _command: PayBack) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
