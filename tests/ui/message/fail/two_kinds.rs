//! A message is one kind.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, event, topic = "orders.placed")]
struct Placed {
    order: u64,
}

fn main() {}
