//! An event has no destination to choose.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.publish(CardCharged { cents: 100 }).to("queue").await?;
    Ok(())
}

fn main() {}
