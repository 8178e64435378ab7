use super::Verb;
use crate::{
    contracts::{Order, OrderPlaced, PlaceOrder},
    outcome::Outcome,
};

/// The body of a message, by hand.
pub(super) fn encode(verb: Verb, number: u64) -> Outcome<Vec<u8>> {
    let order = Order::sample(number);
    Ok(match verb {
        Verb::Send => serde_json::to_vec(&PlaceOrder { number, order })?,
        Verb::Publish => serde_json::to_vec(&OrderPlaced { number, order })?,
    })
}
