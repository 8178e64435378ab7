//! All mistakes are shown at once.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "orders.#", endpoint = "billing", color = 3)]
struct Placed {
    order: u64,
}

fn main() {}
