//! An event is published.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(CardCharged { cents: 100 }).await?;
    Ok(())
}

fn main() {}
