//! The contracts that the cases share.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
pub struct ChargeCard {
    pub cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing")]
pub struct Refund {
    pub cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "shipping")]
pub struct Ship {
    pub order: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
pub struct Receipt {
    pub authorised: bool,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "billing.card-charged")]
pub struct CardCharged {
    pub cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
pub struct OrderPlaced {
    pub order: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "billing.invoice-paid", owner = "billing")]
pub struct InvoicePaid {
    pub invoice: u64,
}
