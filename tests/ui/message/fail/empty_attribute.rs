//! A contract says its kind.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message]
struct Placed {
    order: u64,
}

fn main() {}
