//! The queue `error` is taken.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "error")]
struct Charge {
    cents: u64,
}

fn main() {}
