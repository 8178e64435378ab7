use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(reply, owner = "billing")]
struct Receipt {
    cents: u64,
}

fn main() {}
