//! A sending that is not awaited has no result yet.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::Bus;

async fn run(bus: &Bus) {
    if let Err(error) = bus.send(Refund { cents: 100 }) {
        println!("{error}");
    }
}

fn main() {}
