//! Nothing is sent before it is awaited.

#![deny(unused_must_use)]

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Refund { cents: 100 });
    Ok(())
}

fn main() {}
