use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

const FIRST: Duration = Duration::from_millis(100);
const USUAL: Duration = Duration::from_secs(2);
const SLOW: Duration = Duration::from_secs(10);
/// After an outage this long nobody waits for the exact second of its end any more.
const LONG_OUTAGE: Duration = Duration::from_secs(60);

/// What has worked for this long has recovered: the next failure is a new one.
pub(crate) const HEALTHY: Duration = Duration::from_secs(5);

/// The longest pause before the next attempt, after `failures` in a row (design §6).
pub(crate) fn ceiling(failures: u32, outage: Duration) -> Duration {
    if outage >= LONG_OUTAGE {
        return SLOW;
    }
    FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(USUAL)
}

/// A pause that differs from process to process, so that a fleet does not come back all at once (full jitter).
pub(crate) fn jittered(ceiling: Duration) -> Duration {
    ceiling.mul_f64(fraction())
}

/// The pause before asking again what the broker has refused for good: only a person can change its mind.
pub(crate) fn after_refusal() -> Duration {
    SLOW / 2 + jittered(SLOW / 2)
}

/// A random number from 0 to 1. The keys of std's hasher are random, which is good enough for pauses.
fn fraction() -> f64 {
    let bits = u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or_default();
    f64::from(bits) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_two_seconds_and_to_ten_in_a_long_outage() {
        let table =
            [(1, 0, 100), (2, 0, 200), (5, 3, 1600), (6, 9, 2000), (500, 59, 2000), (500, 60, 10_000)];
        for (failures, outage, expected) in table {
            let pause = ceiling(failures, Duration::from_secs(outage));
            assert_eq!(pause, Duration::from_millis(expected), "{failures} failures, {outage} s");
        }
    }

    #[test]
    fn jitter_stays_below_the_ceiling() {
        for _ in 0..100 {
            assert!(jittered(USUAL) <= USUAL);
            assert!((SLOW / 2..=SLOW).contains(&after_refusal()));
        }
    }
}
