//! Only an event may have nobody who takes it.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", mandatory = false)]
struct Charge {
    cents: u64,
}

fn main() {}
