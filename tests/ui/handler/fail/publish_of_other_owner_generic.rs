#[path = "../../contracts.rs"]
mod contracts;

use contracts::{InvoicePaid, Ship};
use leveret::{Context, HandlerError, handler};

trait Carrier: Send + Sync + 'static {}

struct Shipping<C>(C);

#[handler(endpoint = "shipping")]
impl<C: Carrier> Shipping<C> {
    #[handler]
    async fn ship(&self, command: Ship, ctx: &Context) -> Result<(), HandlerError> {
        let _ = &self.0;
        for invoice in 0..command.order {
            ctx.publish(InvoicePaid { invoice }).mandatory(false).await?;
        }
        Ok(())
    }
}

fn main() {}
