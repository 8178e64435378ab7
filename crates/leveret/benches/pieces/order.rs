use leveret::{HandlerError, Message, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Sender;

/// A command of an everyday size: about 400 bytes as JSON.
#[derive(Debug, Clone, Serialize, Deserialize, Message)]
#[message(command, endpoint = "warehouse")]
pub(crate) struct ShipOrder {
    number: u64,
    customer: String,
    street: String,
    city: String,
    express: bool,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    article: String,
    quantity: u32,
    cents: u64,
}

impl ShipOrder {
    pub(crate) fn sample() -> Self {
        let line = |article: &str| Line { article: article.to_owned(), quantity: 2, cents: 12_950 };
        Self {
            number: 4_711,
            customer: "Kari Nordmann".to_owned(),
            street: "Storgata 12, 3. etasje".to_owned(),
            city: "7010 Trondheim, Norge".to_owned(),
            express: true,
            lines: ["chair, oak", "table, oak, 180 cm", "lamp, brass", "shelf, 5 boards", "rug"]
                .map(line)
                .into(),
        }
    }
}

/// Tells each order that it handles.
pub(crate) struct Warehouse(pub(crate) Sender<u64>);

#[handler(endpoint = "warehouse")]
impl Warehouse {
    #[handler]
    async fn ship(&self, order: ShipOrder) -> Result<(), HandlerError> {
        Ok(self.0.send(order.number).await?)
    }
}
