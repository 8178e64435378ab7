//! The services and contracts that documents are made of.

use std::collections::BTreeMap;

use leveret::{AnyMessage, HandlerError, Message, contracts::Catalogue, handler};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Charges a card.
#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
pub(crate) struct ChargeCard {
    /// In cents.
    amount: Money,
    note: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(command, endpoint = "billing", name = "billing/refund card", also = "Refund")]
pub(crate) struct RefundCard {
    amount: Money,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(reply, name = "billing.Receipt")]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Receipt {
    Authorised { until: (u16, u8, u8) },
    Declined,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Money {
    cents: u64,
    currency: Currency,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) enum Currency {
    Eur,
    Usd,
    /// By its ISO code.
    Other(String),
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(event, topic = "billing.card-charged", owner = "billing", mandatory = false)]
pub(crate) struct CardCharged {
    amount: Money,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(event, topic = "orders.placed")]
pub(crate) struct OrderPlaced {
    lines: Vec<Line<Money>>,
    #[serde(flatten)]
    more: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Line<P> {
    One(P),
    Many { count: u32, each: P },
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(event, topic = "catalogue.changed")]
pub(crate) struct CatalogueChanged {
    name: String,
    below: Vec<CatalogueChanged>,
    root: Option<Box<Group>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Group {
    groups: Vec<Group>,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(command, endpoint = "warehouse", reply = StockReserved)]
pub(crate) struct ReserveStock {
    count: u32,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(reply)]
pub(crate) struct StockReserved {
    count: u32,
}

pub(crate) struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, _: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt::Declined)
    }

    #[handler]
    async fn refund(&self, _: RefundCard) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "orders.*")]
    async fn order_placed(&self, _: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn reserved(&self, _: StockReserved) -> Result<(), HandlerError> {
        Ok(())
    }
}

pub(crate) struct Audit;

#[handler(endpoint = "audit.log")]
impl Audit {
    #[handler(topic = "#")]
    async fn anything(&self, _: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn else_arrives(&self, _: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

pub(crate) fn nothing() -> Catalogue {
    Catalogue::new("nothing")
}

pub(crate) fn commands() -> Catalogue {
    Catalogue::new("commands").message::<ChargeCard>().message::<RefundCard>()
}

pub(crate) fn events() -> Catalogue {
    Catalogue::new("events").message::<OrderPlaced>().message::<CardCharged>()
}

pub(crate) fn replies() -> Catalogue {
    Catalogue::new("replies").message::<ReserveStock>().message::<Receipt>()
}

pub(crate) fn anything() -> Catalogue {
    Catalogue::new("anything").endpoint::<Audit>()
}

pub(crate) fn recursive() -> Catalogue {
    Catalogue::new("recursive").message::<CatalogueChanged>()
}

pub(crate) fn shop() -> Catalogue {
    Catalogue::new("shop")
        .version("1.4.0")
        .endpoint::<Billing>()
        .endpoint::<Audit>()
        .message::<ChargeCard>()
        .message::<RefundCard>()
        .message::<CardCharged>()
        .message::<OrderPlaced>()
        .message::<CatalogueChanged>()
        .message::<ReserveStock>()
}
