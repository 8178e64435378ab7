//! A reply asks for nothing.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Receipt;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    let _ = bus.request(Receipt { authorised: true }).await?;
    Ok(())
}

fn main() {}
