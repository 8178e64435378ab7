//! A kind has no value.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command = "billing")]
struct Charge {
    cents: u64,
}

fn main() {}
