//! A message is one kind; a promised reply is written with its type.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply)]
struct Charge {
    cents: u64,
}

fn main() {}
