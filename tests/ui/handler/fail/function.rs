//! A function is no method.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

#[handler]
async fn refund(_command: Refund) -> Result<(), HandlerError> {
    Ok(())
}

fn main() {}
