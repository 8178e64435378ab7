//! A message is a struct or an enum.

use leveret::Message;

#[derive(Message)]
#[message(event, topic = "orders.placed")]
union Placed {
    order: u64,
    line: u32,
}

fn main() {}
