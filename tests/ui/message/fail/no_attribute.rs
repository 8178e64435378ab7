//! A contract says its kind.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
struct Placed {
    order: u64,
}

fn main() {}
