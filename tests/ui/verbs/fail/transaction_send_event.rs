//! The verbs of a transaction are checked alike.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Bus;

async fn run(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    let tx = bus.transaction();
    tx.send(CardCharged { cents: 100 }).await?;
    tx.commit().await?;
    Ok(())
}

fn main() {}
