#[path = "../../contracts.rs"]
mod contracts;

use contracts::{Refund, Ship};
use leveret::{Context, HandlerError, handler};

struct Shipping;

#[handler(endpoint = "shipping")]
impl Shipping {
    #[handler]
    async fn ship(&self, command: Ship, ctx: &Context) -> Result<(), HandlerError> {
        ctx.publish(Refund { cents: command.order }).await?;
        Ok(())
    }
}

fn main() {}
