//! A command is deferred, an event is not.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Bus;

use std::time::Duration;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.defer(CardCharged { cents: 100 }, Duration::from_secs(30)).await?;
    Ok(())
}

fn main() {}
