//! A command goes to one endpoint.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, topic = "billing.charge")]
struct Charge {
    cents: u64,
}

fn main() {}
