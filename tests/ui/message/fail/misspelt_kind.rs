//! A misspelt kind is one mistake.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(comand, endpoint = "billing")]
struct Charge {
    cents: u64,
}

fn main() {}
