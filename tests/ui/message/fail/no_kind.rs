//! The kind is said, never guessed.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(topic = "orders.placed")]
struct Placed {
    order: u64,
}

fn main() {}
