//! One topic.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed", topic = "orders.late")]
struct Placed {
    order: u64,
}

fn main() {}
