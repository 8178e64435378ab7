//! A reply is a reply.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::CardCharged;
use leveret::Context;

async fn run(ctx: &Context) -> Result<(), Box<dyn std::error::Error>> {
    ctx.reply(CardCharged { cents: 100 }).await?;
    Ok(())
}

fn main() {}
