//! Generic code names the kind.

use leveret::{Bus, Message};

async fn run<M: Message>(bus: &Bus, message: M) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(message).await?;
    Ok(())
}

fn main() {}
