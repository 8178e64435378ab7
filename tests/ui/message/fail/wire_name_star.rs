//! `*` is the wire name of `AnyMessage`.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(reply, name = "*")]
struct Placed {
    order: u64,
}

fn main() {}
