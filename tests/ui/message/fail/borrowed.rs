//! A message owns its data.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
struct Placed<'a> {
    order: &'a str,
}

fn main() {}
