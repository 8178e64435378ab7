//! A reply goes back at once.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Receipt;
use leveret::Bus;
use std::time::Duration;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.defer(Receipt { authorised: true }, Duration::from_secs(30)).await?;
    Ok(())
}

fn main() {}
