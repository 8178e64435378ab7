//! A command needs no subscription.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.subscribe::<Refund>().await?;
    Ok(())
}

fn main() {}
