//! What serde's attributes say goes to the wire and back.

#![deny(warnings)]

use std::fmt::Debug;

use leveret::{Bus, HandlerError, Message, handler, message::kind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChargeCard {
    order_number: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid_by: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(reply)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Receipt {
    Authorised { cents: u64 },
    NotEnough,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Parcel {
    weight: u32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[serde(default)]
#[message(event, topic = "orders.shipped")]
struct Shipped {
    #[serde(rename = "id", alias = "order")]
    order: u64,
    #[serde(flatten)]
    parcel: Parcel,
    #[serde(skip)]
    seen: bool,
}

impl Default for Shipped {
    fn default() -> Self {
        Self { order: 7, parcel: Parcel { weight: 1 }, seen: false }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.counted")]
#[serde(transparent)]
struct Counted(u32);

#[derive(Debug, PartialEq, Clone, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.priced")]
#[serde(from = "u64", into = "u64")]
struct Priced {
    cents: u64,
}

impl From<u64> for Priced {
    fn from(cents: u64) -> Self {
        Self { cents }
    }
}

impl From<Priced> for u64 {
    fn from(priced: Priced) -> Self {
        priced.cents
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.moved", crate = "leveret")]
#[serde(crate = "serde", untagged)]
enum Moved {
    To { place: String },
    Nowhere(()),
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
        match command.paid_by {
            Some(_) => Ok(Receipt::Authorised { cents: command.order_number }),
            None => Ok(Receipt::NotEnough),
        }
    }
}

fn there_and_back<M>(message: M, json: Value)
where
    M: Message<Kind = kind::Event> + Debug + PartialEq + Serialize + for<'a> Deserialize<'a>,
{
    assert_eq!(serde_json::to_value(&message).unwrap(), json);
    assert_eq!(serde_json::from_value::<M>(json).unwrap(), message);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shipped = Shipped { order: 1, parcel: Parcel { weight: 2 }, seen: false };
    there_and_back(shipped, json!({ "id": 1, "weight": 2 }));
    there_and_back(Counted(3), json!(3));
    there_and_back(Priced { cents: 4 }, json!(4));
    there_and_back(Moved::To { place: "shelf".into() }, json!({ "place": "shelf" }));
    there_and_back(Moved::Nowhere(()), json!(null));

    let bus = Bus::builder("memory://serde-attributes").endpoint(Billing).start().await?;
    let paid = ChargeCard { order_number: 5, paid_by: Some("Ada".into()) };
    assert_eq!(bus.request(paid).await?, Receipt::Authorised { cents: 5 });
    assert_eq!(bus.request(ChargeCard { order_number: 6, paid_by: None }).await?, Receipt::NotEnough);
    bus.shutdown().await?;
    Ok(())
}
