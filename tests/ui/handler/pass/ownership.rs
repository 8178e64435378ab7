//! Who may publish an event that has an owner, and what goes on compiling with a context that knows its endpoint.

#![deny(warnings)]

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{CardCharged, ChargeCard, InvoicePaid, OrderPlaced, Receipt, Refund, Ship};
use leveret::{Context as Ctx, HandlerError, handler};

type Done = Result<(), HandlerError>;

pub trait Gateway: Send + Sync + 'static {}

pub struct Billing<G>(pub G);

/// Its owner, in a generic service whose parameter is not said to be `Sync` here.
#[handler(endpoint = "billing")]
impl<G: Clone> Billing<G> {
    #[handler]
    async fn charge(&self, command: ChargeCard, ctx: &Ctx) -> Result<Receipt, HandlerError> {
        #![allow(clippy::missing_errors_doc)]
        let _gateway = self.0.clone();
        ctx.publish(InvoicePaid { invoice: command.cents }).mandatory(false).await?;
        ctx.publish(CardCharged { cents: command.cents }).await?;
        self.paid(ctx).await?;
        Ok(Receipt { authorised: true })
    }

    /// A second service with the name of the owner, and one handler that calls another.
    #[handler]
    async fn refund<'a>(&'a self, command: Refund, ctx: &'a Ctx) -> Done {
        let invoice = command.cents;
        let publishing = [1, 2].map(|n| ctx.publish(InvoicePaid { invoice: invoice + n }));
        for publish in publishing {
            publish.await?;
        }
        self.placed(OrderPlaced { order: 1 }, ctx).await
    }

    #[handler(topic = "orders.*")]
    async fn placed(&self, event: OrderPlaced, _ctx: &Ctx) -> Done {
        let _ = event;
        Ok(())
    }

    async fn paid(&self, ctx: &Ctx) -> Done {
        self.placed(OrderPlaced { order: 2 }, ctx).await
    }
}

pub struct Shipping;

#[handler(endpoint = "shipping")]
impl Shipping {
    /// What takes a `&Context` takes this one too, by name, in an `Option`, in a struct, and by a trait.
    #[handler]
    async fn ship(&self, command: Ship, ctx: &leveret::Context) -> Done {
        notify(ctx, command.order).await?;
        maybe(Some(ctx)).await?;
        Audit { ctx }.log();
        ctx.note();
        let later = async { ctx.publish(OrderPlaced { order: 3 }).await };
        later.await?;
        Ok(())
    }

    /// Whoever wants may subscribe.
    #[handler]
    async fn paid(&self, event: InvoicePaid, ctx: &leveret::Context) -> Done {
        #[allow(unused_variables)]
        let order = event.invoice;
        ctx.send(Ship { order: 1 }).await?;
        Ok(())
    }
}

/// Judged when it runs, by the bus.
async fn notify(ctx: &Ctx, invoice: u64) -> Done {
    Ok(ctx.publish(InvoicePaid { invoice }).await?)
}

async fn maybe(ctx: Option<&Ctx>) -> Done {
    match ctx {
        Some(ctx) => Ok(ctx.publish(OrderPlaced { order: 4 }).await?),
        None => Ok(()),
    }
}

struct Audit<'a> {
    ctx: &'a Ctx,
}

impl Audit<'_> {
    fn log(&self) {
        let _ = self.ctx.topic();
    }
}

trait Note {
    fn note(&self);
}

impl Note for Ctx {
    fn note(&self) {
        let _ = self.attempt();
    }
}

fn main() {
    let _ = (Shipping, Billing(1));
}
