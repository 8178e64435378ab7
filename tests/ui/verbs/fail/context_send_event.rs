//! The verbs of a handler's context are checked alike.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Context;

async fn run(ctx: &Context) -> Result<(), Box<dyn std::error::Error>> {
    ctx.send(CardCharged { cents: 100 }).await?;
    Ok(())
}

fn main() {}
