//! The command promises no reply.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    let _ = bus.request(Refund { cents: 100 }).await?;
    Ok(())
}

fn main() {}
