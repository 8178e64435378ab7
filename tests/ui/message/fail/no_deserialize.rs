//! A message can be read as well as written.

use leveret::Message;
use serde::Serialize;

#[derive(Serialize, Message)]
#[message(command, endpoint = "billing")]
struct Charge {
    cents: u64,
}

fn main() {}
