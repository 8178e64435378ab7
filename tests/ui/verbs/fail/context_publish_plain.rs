#[path = "../../contracts.rs"]
mod contracts;

use contracts::{Ship};
use leveret::{Context, HandlerError, handler};

struct Shipping;

#[handler(endpoint = "shipping")]
impl Shipping {
    #[handler]
    async fn ship(&self, command: Ship, ctx: &Context) -> Result<(), HandlerError> {
        ctx.publish(command.order).await?;
        Ok(())
    }
}

fn main() {}
