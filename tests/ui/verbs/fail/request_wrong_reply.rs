//! The contract knows the type of the reply.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::ChargeCard;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    let receipt: String = bus.request(ChargeCard { cents: 100 }).await?;
    Ok(())
}

fn main() {}
