//! Reading goes on behind the missing comma.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event topic = "orders.placed")]
struct Placed {
    order: u64,
}

fn main() {}
