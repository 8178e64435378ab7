//! A reply goes back to whoever asked.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(reply, topic = "orders.placed")]
struct Placed {
    order: u64,
}

fn main() {}
