use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", owner = "shipping")]
struct ChargeCard {
    cents: u64,
}

fn main() {}
