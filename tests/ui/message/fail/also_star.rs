use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "billing.card-charged", also = "*")]
struct CardCharged {
    cents: u64,
}

fn main() {}
