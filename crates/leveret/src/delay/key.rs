use std::time::Duration;

use super::{LEVELS, MAX_DELAY, UNIT};
use crate::topology::MAX_NAME;

/// The longest queue name that fits behind the digits of a key, in bytes.
pub(crate) const MAX_ADDRESS: usize = MAX_NAME - 2 * LEVELS as usize;

/// Where a message enters the cascade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entrance {
    /// The level of the highest digit that is 1: those above would only pass the message on.
    pub(crate) level: u32,
    /// The delay in binary, one digit a word and the highest first, and then the queue.
    pub(crate) key: String,
}

/// The way of a message that `queue` gets after `delay`, rounded up to the unit. `None` where there is nothing to wait
/// for, or more than [`MAX_DELAY`].
pub(crate) fn entrance(delay: Duration, queue: &str) -> Option<Entrance> {
    if delay > MAX_DELAY {
        return None;
    }
    let units = delay.as_nanos().div_ceil(Duration::from_millis(UNIT.into()).as_nanos());
    let units = u32::try_from(units).ok().filter(|units| *units > 0)?;
    let digit = |level: u32| if units >> level & 1 == 1 { "1." } else { "0." };
    let key = (0..LEVELS).rev().map(digit).chain([queue]).collect();
    Some(Entrance { level: units.ilog2(), key })
}

/// The queue that a message with this key waits for; `None` for a key that is not of this form.
pub(crate) fn address_of(key: &str) -> Option<&str> {
    let digits = key.get(..2 * LEVELS as usize)?;
    let is_digit = |pair: &[u8]| matches!(pair, b"0." | b"1.");
    let address = key.get(digits.len()..)?;
    (digits.as_bytes().chunks(2).all(is_digit) && !address.is_empty()).then_some(address)
}

/// The pattern by which the delivery exchange gives a queue what has waited for it: exactly as many `*` as there are
/// digits, since the name may begin with what looks like one.
pub(crate) fn delivery_pattern(queue: &str) -> String {
    "*.".repeat(LEVELS as usize) + queue
}

/// Whether a queue can get delayed messages: a word that is a wildcard would take those of other queues too.
pub(crate) fn can_address(queue: &str) -> bool {
    queue.split('.').all(|word| word != "*" && word != "#")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topology::matches;

    const MILLI: Duration = Duration::from_millis(1);

    /// How long a message with this key waits.
    fn waits(entrance: &Entrance) -> Duration {
        let digits: Vec<&str> = entrance.key.split('.').take(LEVELS as usize).collect();
        let units = digits.iter().fold(0, |units, digit| units * 2 + digit.parse::<u32>().unwrap());
        assert_eq!(units.ilog2(), entrance.level);
        MILLI * UNIT * units
    }

    #[test]
    fn no_wait_and_too_long_a_wait_have_no_entrance() {
        assert_eq!(entrance(Duration::ZERO, "q"), None);
        assert_eq!(entrance(MAX_DELAY + Duration::from_nanos(1), "q"), None);
        assert_eq!(waits(&entrance(MAX_DELAY, "q").unwrap()), MAX_DELAY);
        assert_eq!(waits(&entrance(Duration::from_nanos(1), "q").unwrap()), MILLI * UNIT);
    }

    #[test]
    fn a_key_is_the_delay_in_binary() {
        let entrance = entrance(MILLI * 16 * 5, "shop.orders").unwrap();
        assert_eq!(entrance.level, 2);
        assert_eq!(entrance.key, "0.".repeat(28) + "1.0.1.shop.orders");
        assert_eq!(address_of(&entrance.key), Some("shop.orders"));
    }

    #[test]
    fn what_is_no_key_has_no_address() {
        let zeros = "0.".repeat(31);
        for key in ["", "q", &zeros, &"0.".repeat(30), &("2.".to_owned() + &zeros), &"é".repeat(40)] {
            assert_eq!(address_of(key), None, "{key}");
        }
    }

    #[test]
    fn wildcards_have_no_delay() {
        for (queue, can) in [("a.b", true), ("a*", true), ("", true), ("a.*", false), ("#", false)] {
            assert_eq!(can_address(queue), can, "{queue}");
        }
    }

    proptest! {
        #[test]
        fn never_early_and_less_than_a_unit_late(nanos in 1..=u64::try_from(MAX_DELAY.as_nanos()).unwrap()) {
            let delay = Duration::from_nanos(nanos);
            let waits = waits(&entrance(delay, "q").unwrap());
            prop_assert!(waits >= delay && waits < delay + MILLI * UNIT, "{waits:?} instead of {delay:?}");
        }

        /// Whatever the address has in it, up to the longest endpoint name.
        #[test]
        fn a_key_finds_its_queue_and_no_other(
            millis in 1..1_000_000_u32,
            address in "[01a-zé字. -]{1,60}",
            other in "[01a-zé字. -]{1,60}",
        ) {
            let entrance = entrance(MILLI * millis, &address).unwrap();
            prop_assert_eq!(address_of(&entrance.key), Some(&*address));
            prop_assert!(entrance.key.len() <= MAX_NAME);
            prop_assert!(matches(&delivery_pattern(&address), &entrance.key));
            prop_assert_eq!(matches(&delivery_pattern(&other), &entrance.key), other == address);
        }
    }
}
