//! Messages that wait in the broker for their hour (design §5).

use std::time::Duration;

/// The longest delay, 16 ms * 2^31: over a year.
pub(crate) const MAX_DELAY: Duration = Duration::from_millis(16 << 31);

/// The exchange by which a delayed message leaves the broker's delay again. The number is the unit in milliseconds.
pub(crate) const DELIVERY_EXCHANGE: &str = "leveret.delay.v1.16.delivery";

/// Whether a message that came by `exchange` has waited in the broker. Then it is due, whatever its DeferredTime says:
/// the sender's clock may be ahead of ours.
pub(crate) fn has_waited(exchange: &str) -> bool {
    exchange.strip_prefix("leveret.delay.v1.").is_some_and(|rest| rest.ends_with(".delivery"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_any_unit() {
        for (exchange, waited) in [
            (DELIVERY_EXCHANGE, true),
            ("leveret.delay.v1.1000.delivery", true),
            ("leveret.delay.v1.16.3", false),
            ("PikaBusDirect", false),
            ("", false),
        ] {
            assert_eq!(has_waited(exchange), waited, "{exchange}");
        }
    }
}
