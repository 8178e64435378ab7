//! Each verb with the kind that it is for, on the bus, in a transaction and in a handler.
#![deny(warnings)]

#[path = "../../contracts.rs"]
mod contracts;

use std::time::Duration;

use contracts::{CardCharged, ChargeCard, Receipt, Refund};
use leveret::{Bus, Context, HandlerError, handler};

struct Shop;

#[handler(endpoint = "shop")]
impl Shop {
    #[handler]
    async fn charged(&self, event: CardCharged, ctx: &Context) -> Result<(), HandlerError> {
        ctx.send(Refund { cents: event.cents }).to("billing").header("why", "test").await?;
        ctx.publish(CardCharged { cents: 1 }).mandatory(false).await?;
        ctx.defer(Refund { cents: 1 }, Duration::from_secs(1)).await?;
        ctx.reply(Receipt { authorised: true }).await?;
        let _: Receipt = ctx.request(ChargeCard { cents: 1 }).await?;
        Ok(())
    }
}

async fn verbs(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
    bus.send(Refund { cents: 1 }).delay(Duration::ZERO).priority(1).await?;
    bus.publish(CardCharged { cents: 1 }).expires_in(Duration::from_secs(60)).await?;
    bus.defer(Refund { cents: 1 }, Duration::from_secs(1)).await?;
    let receipt = bus.request(ChargeCard { cents: 1 }).timeout(Duration::from_secs(1)).await?;
    assert!(receipt.authorised);
    bus.subscribe::<CardCharged>().argument("x-match", "all").await?;
    bus.unsubscribe::<CardCharged>().await?;
    let tx = bus.transaction();
    tx.send(Refund { cents: 1 }).await?;
    tx.publish(CardCharged { cents: 1 }).await?;
    tx.commit().await?;
    Ok(())
}

fn main() {
    let _ = verbs;
    let _ = Shop;
}
