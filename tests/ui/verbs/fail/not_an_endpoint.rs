//! A service without handlers.

use leveret::Bus;

struct Plain;

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    Bus::builder("memory://").endpoint(Plain).start().await?;
    Ok(())
}

fn main() {}
