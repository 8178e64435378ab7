//! The promised type has no contract.

use leveret::Message;
use serde::{Deserialize, Serialize};

struct Plain;

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Plain)]
struct Charge {
    cents: u64,
}

fn main() {}
