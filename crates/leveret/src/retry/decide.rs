use super::{RetryPolicy, Verdict, rule::Treatment};
use crate::error::{Class, Failure};

/// The decision after failure number `failures`, counted from 1. `chance` is from 0 to 1.
///
/// What the handler said about the very error comes first, then the first rule that matches, then the policy.
pub(crate) fn decide(policy: &RetryPolicy, failure: &Failure, failures: u32, chance: f64) -> Verdict {
    match failure.class() {
        Class::Discard => return Verdict::Discard,
        Class::Permanent => return Verdict::MoveToError,
        Class::RetryAfter(_) | Class::Policy => {}
    }
    let rule = policy.rules.iter().find(|rule| rule.matches(failure));
    let (policy, always) = match rule.map(|rule| &rule.treatment) {
        Some(Treatment::Policy(own)) => (&**own, None),
        Some(Treatment::Verdict(verdict)) => (policy, Some(*verdict)),
        None => (policy, None),
    };
    match (policy.delay(failures, chance), always, failure.class()) {
        (None, Some(Verdict::Discard), _) => Verdict::Discard,
        (None, ..) => Verdict::MoveToError,
        (Some(_), _, Class::RetryAfter(wait)) => Verdict::Retry(wait),
        (Some(_), Some(verdict), _) => verdict,
        (Some(wait), None, _) => Verdict::Retry(wait),
    }
}

#[cfg(test)]
mod tests {
    use std::{io, num::ParseIntError, time::Duration};

    use proptest::prelude::*;

    use super::*;
    use crate::error::HandlerError;

    const SECOND: Duration = Duration::from_secs(1);
    const AT_ONCE: Verdict = Verdict::Retry(Duration::ZERO);

    fn plain() -> HandlerError {
        HandlerError::from("no")
    }

    fn after(policy: &RetryPolicy, error: HandlerError, failures: u32) -> Verdict {
        decide(policy, &error.into_failure(), failures, 1.0)
    }

    #[test]
    fn by_policy() {
        let retry = |seconds| Verdict::Retry(Duration::from_secs(seconds));
        let error = Verdict::MoveToError;
        for (policy, verdicts) in [
            (
                RetryPolicy::exponential(SECOND).max_retries(4).immediate(1),
                [AT_ONCE, retry(1), retry(2), retry(4), error, error],
            ),
            (RetryPolicy::none(), [error; 6]),
            (RetryPolicy::pikabus(), [retry(2), retry(4), retry(6), retry(8), retry(10), error]),
            (RetryPolicy::default(), [retry(1), retry(2), retry(4), retry(8), retry(16), error]),
            (
                RetryPolicy::linear(SECOND).max_delay(2 * SECOND).max_retries(9),
                [retry(1), retry(2), retry(2), retry(2), retry(2), retry(2)],
            ),
            (
                RetryPolicy::delays([3 * SECOND, SECOND]).immediate(1),
                [AT_ONCE, retry(3), retry(1), error, error, error],
            ),
            (
                RetryPolicy::delays([3 * SECOND, SECOND]).max_retries(4),
                [retry(3), retry(1), retry(1), retry(1), error, error],
            ),
        ] {
            for (failures, verdict) in (1..).zip(verdicts) {
                assert_eq!(after(&policy, plain(), failures), verdict, "failure {failures}: {policy:?}");
            }
        }
    }

    #[test]
    fn the_error_has_a_say() {
        let policy = RetryPolicy::fixed(SECOND).max_retries(1).when(|_| true, Verdict::Discard);
        assert_eq!(after(&policy, plain().permanent(), 1), Verdict::MoveToError);
        assert_eq!(after(&policy, plain().discard(), 9), Verdict::Discard);
        let policy = RetryPolicy::fixed(SECOND).max_retries(1);
        let later = || plain().retry_after(7 * SECOND);
        assert_eq!(after(&policy, later(), 1), Verdict::Retry(7 * SECOND));
        assert_eq!(after(&policy, later(), 2), Verdict::MoveToError);
    }

    #[test]
    fn the_first_rule_that_matches_counts() {
        let policy = RetryPolicy::fixed(SECOND)
            .max_retries(2)
            .on::<ParseIntError>(Verdict::MoveToError)
            .on::<io::Error>(RetryPolicy::fixed(9 * SECOND).max_retries(3))
            .when(|failure| failure.to_string().contains("later"), Verdict::Retry(5 * SECOND))
            .when(|failure| failure.to_string().contains("spam"), Verdict::Discard)
            .when(|_| true, RetryPolicy::none());
        let parse = || "x".parse::<u8>().unwrap_err();
        let io = |text: &str| HandlerError::from(io::Error::other(text));
        for (error, failures, verdict) in [
            (HandlerError::from(parse()), 1, Verdict::MoveToError),
            (io("disk"), 3, Verdict::Retry(9 * SECOND)),
            (io("disk"), 4, Verdict::MoveToError),
            (io("spam"), 1, Verdict::Retry(9 * SECOND)), // an earlier rule
            (HandlerError::from("later"), 2, Verdict::Retry(5 * SECOND)),
            (HandlerError::from("later"), 3, Verdict::MoveToError),
            (HandlerError::from("spam"), 99, Verdict::Discard),
            (plain(), 1, Verdict::MoveToError),
        ] {
            let shown = format!("{error}, {failures}");
            assert_eq!(after(&policy, error, failures), verdict, "{shown}");
        }
        assert_eq!(after(&policy.without_rules(), HandlerError::from(parse()), 1), Verdict::Retry(SECOND));
        assert!(format!("{policy:?}").contains("ParseIntError"));
    }

    proptest! {
        #[test]
        fn jitter_takes_at_most_its_share_and_the_cap_holds(
            retry in 1_u32..2_000, share in 0.0..=1.0, chance in 0.0..=1.0,
        ) {
            let cap = 90 * SECOND;
            let policy = RetryPolicy::exponential(SECOND).max_retries(u32::MAX).max_delay(cap).jitter(share);
            let verdict = decide(&policy, &plain().into_failure(), retry, chance);
            let Verdict::Retry(delay) = verdict else { panic!("retries") };
            let full = SECOND.saturating_mul(1 << (retry - 1).min(31)).min(cap);
            let least = full.mul_f64(1.0 - share).saturating_sub(Duration::from_micros(1));
            prop_assert!(delay <= full && delay >= least, "{delay:?} of {full:?}");
        }

        #[test]
        fn whatever_is_asked_it_answers(
            wait in any::<Duration>(), cap in any::<Duration>(), share in any::<f64>(), chance in any::<f64>(),
            retries in any::<u32>(), immediate in any::<u32>(), failures in any::<u32>(),
        ) {
            for policy in [
                RetryPolicy::fixed(wait), RetryPolicy::linear(wait), RetryPolicy::exponential(wait),
                RetryPolicy::delays([wait]), RetryPolicy::delays([]),
            ] {
                let policy = policy.max_retries(retries).immediate(immediate).max_delay(cap).jitter(share);
                let verdict = decide(&policy, &plain().into_failure(), failures, chance);
                prop_assert_eq!(verdict == Verdict::MoveToError, failures > retries);
            }
        }
    }
}
