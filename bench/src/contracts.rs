//! What is sent: a JSON contract of about 400 bytes, as a command, an event, and a command with a reply.

use leveret::Message;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The queue of the orders, which are handled.
pub(crate) const ORDERS: &str = "bench.orders";
/// The queue of the quotes, which are answered.
pub(crate) const QUOTES: &str = "bench.quotes";
/// The queue of the endpoint that sends: where replies to plain sends would come back to.
pub(crate) const SHOP: &str = "bench.shop";
/// The topic of the event.
pub(crate) const ORDER_PLACED: &str = "bench.order-placed";
/// The queues of those who subscribe to it.
pub(crate) const SUBSCRIBERS: [&str; 3] = ["bench.billing", "bench.stock", "bench.mail"];

/// A command.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "bench.orders")]
pub(crate) struct PlaceOrder {
    pub(crate) number: u64,
    pub(crate) order: Order,
}

/// An event.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "bench.order-placed")]
pub(crate) struct OrderPlaced {
    pub(crate) number: u64,
    pub(crate) order: Order,
}

/// A command whose reply is awaited.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "bench.quotes", reply = Quoted)]
pub(crate) struct Quote {
    pub(crate) number: u64,
    pub(crate) order: Order,
}

/// The reply: as long as what it answers.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
pub(crate) struct Quoted {
    pub(crate) number: u64,
    pub(crate) order: Order,
}

/// What they all carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: Uuid,
    pub(crate) customer: String,
    pub(crate) email: String,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) paid: bool,
    pub(crate) lines: Vec<Line>,
}

/// One of the things that were ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) article: String,
    pub(crate) count: u32,
    pub(crate) cents: u64,
}

impl Order {
    /// The order with this number.
    pub(crate) fn sample(number: u64) -> Self {
        let line = |article: &str, count, cents| Line { article: article.to_owned(), count, cents };
        Self {
            id: Uuid::from_u128(u128::from(number)),
            customer: "Ada Lovelace".to_owned(),
            email: "ada@analytical-engines.example".to_owned(),
            street: "12 St James's Square".to_owned(),
            city: "London".to_owned(),
            paid: number.is_multiple_of(2),
            lines: vec![
                line("cog-wheel-brass-40-teeth", 25, 1_250),
                line("punched-cards-blank-box-of-500", 2, 3_999),
                line("machine-oil-fine-one-litre", 1, 899),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_about_400_bytes() {
        for number in [0, 99_999] {
            let body = serde_json::to_vec(&PlaceOrder { number, order: Order::sample(number) }).unwrap();
            assert!((380..=430).contains(&body.len()), "{} bytes", body.len());
        }
    }

    #[test]
    fn names_and_contracts_agree() {
        assert_eq!(PlaceOrder::CONTRACT.address, ORDERS);
        assert_eq!(Quote::CONTRACT.address, QUOTES);
        assert_eq!(OrderPlaced::CONTRACT.address, ORDER_PLACED);
    }
}
