//! A command has an owner.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command)]
struct Charge {
    cents: u64,
}

fn main() {}
