//! A message has one shape, and a constant parameter makes many.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
struct Placed<const N: usize> {
    order: u64,
}

fn main() {}
