use leveret::Message;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A command of an everyday size: about 400 bytes as JSON.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(command, endpoint = "warehouse")]
pub(crate) struct ShipOrder {
    pub(crate) order: Uuid,
    pub(crate) number: u64,
    pub(crate) customer: String,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) express: bool,
    pub(crate) lines: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) article: String,
    pub(crate) quantity: u32,
    pub(crate) cents: u64,
}

impl ShipOrder {
    pub(crate) fn sample() -> Self {
        let line = |article: &str| Line { article: article.to_owned(), quantity: 2, cents: 12_950 };
        Self {
            order: Uuid::from_u128(0x0190_8b3c_7a51_7cc0_9e1f_5d2b_7c4a_1f00),
            number: 4_711,
            customer: "Kari Nordmann".to_owned(),
            street: "Storgata 12, 3. etasje".to_owned(),
            city: "7010 Trondheim, Norge".to_owned(),
            express: true,
            lines: ["chair, oak", "table, oak, 180 cm", "lamp, brass", "shelf, 5 boards"].map(line).into(),
        }
    }
}
