//! What arrives undecoded is no command.

use leveret::{AnyMessage, Bus};

async fn run(bus: &Bus, message: AnyMessage) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(message).await?;
    Ok(())
}

fn main() {}
