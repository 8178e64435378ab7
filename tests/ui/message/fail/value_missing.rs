//! A topic has a value.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic)]
struct Placed {
    order: u64,
}

fn main() {}
