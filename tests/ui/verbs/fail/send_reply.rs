//! A reply is returned.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Receipt;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Receipt { authorised: true }).await?;
    Ok(())
}

fn main() {}
