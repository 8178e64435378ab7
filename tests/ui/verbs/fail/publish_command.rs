//! A command is sent.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.publish(Refund { cents: 100 }).await?;
    Ok(())
}

fn main() {}
