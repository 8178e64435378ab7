use std::time::Duration;

use super::RetryPolicy;
use crate::error::Class;

/// What becomes of a message that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Run its handler again after this wait; zero is at once.
    Retry(Duration),
    /// Move it to the error queue.
    MoveToError,
    /// Acknowledge it and forget it.
    Discard,
}

/// The decision after failure number `failures`, counted from 1. `jitter` is from 0 to 1.
pub(crate) fn decide(policy: &RetryPolicy, class: Class, failures: u32, jitter: f64) -> Verdict {
    let by_policy = policy.delay(failures, jitter);
    match (class, by_policy) {
        (Class::Discard, _) => Verdict::Discard,
        (Class::Permanent, _) | (_, None) => Verdict::MoveToError,
        (Class::RetryAfter(delay), Some(_)) => Verdict::Retry(delay),
        (Class::Policy, Some(delay)) => Verdict::Retry(delay),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn by_policy() {
        let policy = RetryPolicy::exponential(SECOND).max_retries(4).immediate(1);
        let verdicts: Vec<_> =
            (1..=5).map(|failures| decide(&policy, Class::Policy, failures, 1.0)).collect();
        assert_eq!(
            verdicts,
            [
                Verdict::Retry(Duration::ZERO),
                Verdict::Retry(SECOND),
                Verdict::Retry(2 * SECOND),
                Verdict::Retry(4 * SECOND),
                Verdict::MoveToError
            ]
        );
        assert_eq!(decide(&RetryPolicy::none(), Class::Policy, 1, 0.5), Verdict::MoveToError);
    }

    #[test]
    fn the_error_has_a_say() {
        let policy = RetryPolicy::fixed(SECOND).max_retries(1);
        assert_eq!(decide(&policy, Class::Permanent, 1, 0.0), Verdict::MoveToError);
        assert_eq!(decide(&policy, Class::Discard, 9, 0.0), Verdict::Discard);
        assert_eq!(decide(&policy, Class::RetryAfter(7 * SECOND), 1, 0.0), Verdict::Retry(7 * SECOND));
        assert_eq!(decide(&policy, Class::RetryAfter(7 * SECOND), 2, 0.0), Verdict::MoveToError);
    }

    proptest! {
        #[test]
        fn jitter_takes_at_most_half_and_the_cap_holds(retry in 1_u32..2_000, jitter in 0.0..=1.0) {
            let cap = 90 * SECOND;
            let policy = RetryPolicy::exponential(SECOND).max_retries(u32::MAX).max_delay(cap);
            let Verdict::Retry(delay) = decide(&policy, Class::Policy, retry, jitter) else { panic!("retries") };
            let full = SECOND.saturating_mul(1 << (retry - 1).min(31)).min(cap);
            prop_assert!(delay <= full && delay >= full / 2, "{delay:?} of {full:?}");
        }
    }
}
