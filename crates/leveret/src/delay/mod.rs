//! Messages that wait in the broker for their hour: a cascade of levels, as plain data (design §5).
//!
//! Level `k` keeps a message for 16 ms * 2^k. A message passes the levels of the binary digits of its delay, the highest
//! first, and leaves through the delivery exchange. Each level expires in the order in which its messages came, since
//! all of them stay equally long: so nothing is stuck behind what waits longer, as it is in one queue with a time to
//! live for each message.

mod cascade;
mod key;

use std::time::Duration;

pub(crate) use self::cascade::{Cascade, DelayExchange, ExchangeBinding, delivery_binding, undeliverable};
pub(crate) use self::key::{MAX_ADDRESS, address_of, can_address, delivery_pattern, entrance};

use crate::envelope::DELAY_PREFIX;

/// What level 0 adds to a delay, in milliseconds.
pub(crate) const UNIT: u32 = 16;

/// How many levels there are.
pub(crate) const LEVELS: u32 = 31;

/// The longest delay: all levels, over a year.
pub(crate) const MAX_DELAY: Duration = Duration::from_millis(UNIT as u64 * ((1 << LEVELS) - 1));

/// The exchange by which a delayed message leaves the levels.
pub(crate) const DELIVERY_EXCHANGE: &str = "leveret.delay.v1.16.delivery";

/// The exchange and the queue of a level.
pub(crate) fn level_name(level: u32) -> String {
    format!("{DELAY_PREFIX}{UNIT}.{level}")
}

/// Whether a queue is a level, of whatever unit.
pub(crate) fn is_level(queue: &str) -> bool {
    queue.starts_with(DELAY_PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frozen_names() {
        assert_eq!(DELIVERY_EXCHANGE, format!("leveret.delay.v1.{UNIT}.delivery"));
        assert_eq!(level_name(30), "leveret.delay.v1.16.30");
        assert!(MAX_DELAY > Duration::from_secs(365 * 24 * 60 * 60));
    }
}
