//! The promised type does not exist.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Reciept)]
struct Charge {
    cents: u64,
}

fn main() {}
