//! An event is published on one topic.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.*")]
struct Placed {
    order: u64,
}

fn main() {}
