//! An endpoint is a queue, not a pattern.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing.*")]
struct Charge {
    cents: u64,
}

fn main() {}
