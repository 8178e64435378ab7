//! A misspelt key.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpiont = "billing")]
struct Charge {
    cents: u64,
}

fn main() {}
