//! The await is missing.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Refund { cents: 100 })?;
    Ok(())
}

fn main() {}
