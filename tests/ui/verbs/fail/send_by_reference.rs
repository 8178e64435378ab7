//! A verb takes its message by value.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    let command = Refund { cents: 100 };
    bus.send(&command).await?;
    Ok(())
}

fn main() {}
