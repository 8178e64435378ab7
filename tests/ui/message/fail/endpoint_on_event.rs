//! An event goes to whoever subscribes.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, endpoint = "billing")]
struct Placed {
    order: u64,
}

fn main() {}
