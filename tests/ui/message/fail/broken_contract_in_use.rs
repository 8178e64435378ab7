//! A mistake in a contract is reported there, and not again where the contract is used.

use leveret::{HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(reply)]
struct Receipt {
    authorised: bool,
}

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpiont = "billing", reply = Receipt)]
struct Charge {
    cents: u64,
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, command: Charge) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: command.cents < 100 })
    }
}

fn main() {}
