//! A sending that is not awaited is no result.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{Bus, SendError};

async fn run(bus: &Bus) -> Result<(), SendError> {
    bus.send(Refund { cents: 100 })
}

fn main() {}
