//! The mark goes above the block.

use leveret::handler;

#[handler(endpoint = "billing")]
struct Billing;

fn main() {}
