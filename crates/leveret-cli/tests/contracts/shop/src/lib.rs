//! Takes orders, charges cards, packs parcels.

use leveret::{HandlerError, Message, contracts::Catalogue, handler};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
pub struct ChargeCard {
    pub order: u64,
    pub cents: u32,
    #[cfg(feature = "gifts")]
    pub gift: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(reply)]
pub struct Receipt {
    pub authorised: bool,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
#[message(event, topic = "orders.placed")]
pub struct OrderPlaced {
    pub order: u64,
    pub carrier: Carrier,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub enum Carrier {
    Post,
    Bike { rider: String },
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
        Ok(Receipt { authorised: command.cents < 10_000 })
    }
}

struct Shipping;

#[handler(endpoint = "shipping")]
impl Shipping {
    #[handler(topic = "orders.*")]
    async fn placed(&self, _: OrderPlaced) -> Result<(), HandlerError> {
        Ok(())
    }
}

pub fn contracts() -> Catalogue {
    println!("what a service prints is not in the way");
    Catalogue::new("web-shop")
        .version(env!("CARGO_PKG_VERSION"))
        .endpoint::<Billing>()
        .endpoint::<Shipping>()
        .message::<ChargeCard>()
        .message::<OrderPlaced>()
}
