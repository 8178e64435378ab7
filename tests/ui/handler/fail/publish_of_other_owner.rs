#[path = "../../contracts.rs"]
mod contracts;

use contracts::{InvoicePaid, Ship};
use leveret::{Context, HandlerError, handler};

struct Shipping;

#[handler(endpoint = "shipping")]
impl Shipping {
    #[handler]
    async fn ship(&self, command: Ship, ctx: &Context) -> Result<(), HandlerError> {
        ctx.publish(InvoicePaid { invoice: command.order }).await?;
        Ok(())
    }
}

fn main() {
    let _ = Shipping;
}
