//! Nobody answers an event.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(reply)]
struct Receipt {
    authorised: bool,
}

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed", reply = Receipt)]
struct Placed {
    order: u64,
}

fn main() {}
