//! What a service needs belongs in its struct.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

struct Database;

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, _command: Refund, _database: &Database) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {}
