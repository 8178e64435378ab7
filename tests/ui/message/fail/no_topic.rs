//! An event has a topic.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event)]
struct Placed {
    order: u64,
}

fn main() {}
