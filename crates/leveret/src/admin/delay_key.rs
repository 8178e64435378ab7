//! The routing keys of messages that wait in the broker (design §5).

/// How many levels a delay has: 16 ms * 2^31 is over a year.
const LEVELS: usize = 32;
const PREFIX: &str = "leveret.delay.v1.";

/// Whether a queue is a level of the delay, of whatever unit.
pub(super) fn is_level(queue: &str) -> bool {
    let Some((unit, level)) = queue.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    is_number(unit) && is_number(level)
}

/// Where a delayed message was to go: what stands behind the digits of its key, dots included. `None` for a message
/// that did not come through a delivery exchange.
pub(super) fn address<'a>(exchange: &str, key: &'a str) -> Option<&'a str> {
    let unit = exchange.strip_prefix(PREFIX)?.strip_suffix(".delivery")?;
    let mut rest = Some(key).filter(|_| is_number(unit))?;
    for _ in 0..LEVELS {
        rest = rest.strip_prefix(['0', '1'])?.strip_prefix('.')?;
    }
    Some(rest).filter(|address| !address.is_empty())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_by_any_unit() {
        for (queue, expected) in [
            ("leveret.delay.v1.16.0", true),
            ("leveret.delay.v1.1000.31", true),
            ("leveret.delay.v1.16.delivery", false),
            ("leveret.delay.v1.16", false),
            ("leveret.delay.v1..3", false),
            ("billing", false),
        ] {
            assert_eq!(is_level(queue), expected, "{queue}");
        }
    }

    #[test]
    fn the_address_stands_behind_32_digits() {
        let digits = "0.1.".repeat(16);
        let delivery = "leveret.delay.v1.16.delivery";
        for (exchange, key, expected) in [
            (delivery, format!("{digits}billing"), Some("billing")),
            (delivery, format!("{digits}0.1.billing"), Some("0.1.billing")),
            (delivery, digits.clone(), None),
            (delivery, format!("0.1.{digits}x"), Some("0.1.x")),
            (delivery, "billing".to_owned(), None),
            (delivery, format!("2.{digits}billing"), None),
            ("PikaBusTopic", format!("{digits}billing"), None),
            ("leveret.delay.v1.x.delivery", format!("{digits}billing"), None),
        ] {
            assert_eq!(address(exchange, &key), expected, "{exchange} {key}");
        }
    }
}
