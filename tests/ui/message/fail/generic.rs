//! One wire name, one shape.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
struct Placed<T> {
    order: T,
}

fn main() {}
