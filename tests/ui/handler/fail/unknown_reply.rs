//! A return type that is not there is rustc's to report, alone.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::ChargeCard;
use leveret::{HandlerError, handler};

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, _command: ChargeCard) -> Result<Reciept, HandlerError> {
        Err("no money".into())
    }
}

fn main() {}
