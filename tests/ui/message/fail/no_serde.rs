//! A message can be written and read.

use leveret::Message;

#[derive(Message)]
#[message(command, endpoint = "billing")]
struct Charge {
    cents: u64,
}

fn main() {}
