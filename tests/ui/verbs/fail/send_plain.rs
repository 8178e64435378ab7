//! A type without a contract.

use leveret::Bus;

struct Plain;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Plain).await?;
    Ok(())
}

fn main() {}
