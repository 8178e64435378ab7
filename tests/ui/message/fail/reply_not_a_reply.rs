//! The promised type is a message, but no reply.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "billing.charged")]
struct Charged {
    cents: u64,
}

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Charged)]
struct Charge {
    cents: u64,
}

fn main() {}
