//! The Rust services of the tests, and their contracts. Every message has a number, by which the tests know it.

use leveret::{AnyMessage, Context, HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

use crate::probe::Probe;

/// To the Rust service, from Python too.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
pub(crate) struct ChargeCard {
    pub(crate) number: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(reply)]
pub(crate) struct Receipt {
    pub(crate) number: u32,
    pub(crate) authorised: bool,
}

/// Only for senders that name it.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", name = "billing.Refund")]
pub(crate) struct Refund {
    pub(crate) number: u32,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
pub(crate) struct OrderPlaced {
    pub(crate) number: u32,
}

/// To the Python service.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "warehouse", reply = Picked)]
pub(crate) struct PickGoods {
    pub(crate) number: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(reply)]
pub(crate) struct Picked {
    pub(crate) boxes: u32,
}

/// To the service that sends to Python.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "shop")]
pub(crate) struct Restock {
    pub(crate) number: u32,
}

/// To a Rust service that asks Python before it answers.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "desk", reply = Picked)]
pub(crate) struct PlaceOrder {
    pub(crate) number: u32,
}

/// Takes what Python sends and publishes.
#[derive(Debug)]
pub(crate) struct Billing(pub(crate) Probe);

#[handler(endpoint = "billing")]
impl Billing {
    #[handler(untyped)]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        self.0.hear("charge", ctx).await?;
        Ok(Receipt { number: command.number, authorised: true })
    }

    #[handler]
    async fn refund(&self, _: Refund, ctx: &Context) -> Result<(), HandlerError> {
        self.0.hear("refund", ctx).await
    }

    #[handler]
    async fn order_placed(&self, _: OrderPlaced, ctx: &Context) -> Result<(), HandlerError> {
        self.0.hear("order_placed", ctx).await
    }
}

/// Takes what Python answers.
#[derive(Debug)]
pub(crate) struct Shop(pub(crate) Probe);

#[handler(endpoint = "shop")]
impl Shop {
    #[handler]
    async fn restock(&self, _: Restock, ctx: &Context) -> Result<(), HandlerError> {
        self.0.hear("restock", ctx).await
    }

    #[handler(untyped)]
    async fn picked(&self, _: Picked, ctx: &Context) -> Result<(), HandlerError> {
        self.0.hear("picked", ctx).await
    }
}

/// Asks Python while it handles.
#[derive(Debug)]
pub(crate) struct Desk;

#[handler(endpoint = "desk")]
impl Desk {
    #[handler(untyped)]
    async fn place(&self, command: PlaceOrder, ctx: &Context) -> Result<Picked, HandlerError> {
        Ok(ctx.request(PickGoods { number: command.number }).await?)
    }
}

/// Takes events that it has no contracts of.
#[derive(Debug)]
pub(crate) struct Audit(pub(crate) Probe);

#[handler(endpoint = "audit")]
impl Audit {
    #[handler(topic = "weather.#")]
    async fn weather(&self, _: AnyMessage, ctx: &Context) -> Result<(), HandlerError> {
        self.0.hear("weather", ctx).await
    }
}
