//! A command is sent, also with a handler's context.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{Context, HandlerError};

async fn run(ctx: &Context) -> Result<(), HandlerError> {
    ctx.publish(Refund { cents: 100 }).await?;
    Ok(())
}

fn main() {}
