//! A type without contract, in a crate that has contracts: rustc says which.

#[path = "../../contracts.rs"]
mod contracts;

use leveret::Bus;

struct Plain;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Plain).await?;
    Ok(())
}

fn main() {}
