use std::time::Duration;

use super::{RetryPolicy, Treatment, Verdict, curve::Curve};

/// More retries than this are as good as endless: a message that always fails would never reach the error queue.
const MOST_RETRIES: u32 = 1_000_000;
/// The same for retries that wait for nothing, which keep a processor busy.
const MOST_AT_ONCE: u32 = 1_000;

impl RetryPolicy {
    /// What makes no sense about the policy, and what to write instead. No wait may be longer than `reach`.
    pub(crate) fn check(&self, reach: Duration) -> Result<(), String> {
        self.check_waits(reach)?;
        self.check_number()?;
        for rule in &self.rules {
            let name = rule.name;
            match &rule.treatment {
                Treatment::Policy(own) if !own.rules.is_empty() => {
                    return Err(format!(
                        "the policy of the rule on {name} has rules, which are never looked at: add them to the outer policy"
                    ));
                }
                Treatment::Policy(own) => {
                    own.check(reach).map_err(|reason| format!("in the rule on {name}: {reason}"))?;
                }
                Treatment::Verdict(Verdict::Retry(wait)) if *wait > reach => {
                    return Err(format!("in the rule on {name}: {}", too_long(*wait, reach)));
                }
                Treatment::Verdict(_) => {}
            }
        }
        Ok(())
    }

    fn check_waits(&self, reach: Duration) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.jitter) {
            return Err(format!(
                "`jitter` is {}: make it the share of each wait that is left to chance, from 0 to 1",
                self.jitter
            ));
        }
        let first = self.curve.wait(1);
        match &self.curve {
            Curve::List(waits) if waits.is_empty() => {
                return Err("`delays` has none: write RetryPolicy::none() for no retry".to_owned());
            }
            Curve::Linear(_) | Curve::Exponential(_) if first.is_zero() => {
                return Err("the waits grow from zero, and so never grow: write RetryPolicy::fixed(Duration::ZERO) for retries at once".to_owned());
            }
            _ => {}
        }
        if let Some(cap) = self.cap.filter(|cap| *cap < first) {
            return Err(format!(
                "`max_delay` is {cap:?}, less than the first wait of {first:?}: make it longer, or the first wait shorter"
            ));
        }
        let waiting = self.retries().saturating_sub(self.immediate);
        let longest = self.curve.longest(waiting.max(1)).min(self.longest());
        if longest > reach {
            return Err(too_long(longest, reach));
        }
        Ok(())
    }

    fn check_number(&self) -> Result<(), String> {
        let (retries, immediate) = (self.retries(), self.immediate);
        if retries > MOST_RETRIES {
            return Err(format!(
                "`max_retries` is {retries}, so what always fails would never reach the error queue: make it at most {MOST_RETRIES}"
            ));
        }
        if immediate > retries {
            return Err(format!(
                "`immediate` is {immediate}, more than the {retries} retries there are in all: raise `max_retries` or lower `immediate`"
            ));
        }
        let all_at_once = self.curve.longest(retries.max(1)).is_zero();
        let at_once = if all_at_once { retries } else { immediate };
        if at_once > MOST_AT_ONCE {
            return Err(format!(
                "{at_once} retries come without any wait, and would keep the endpoint busy: make it at most {MOST_AT_ONCE}, or let them wait"
            ));
        }
        Ok(())
    }
}

fn too_long(wait: Duration, reach: Duration) -> String {
    let days = |wait: Duration| wait.as_secs() / (24 * 60 * 60);
    format!(
        "a wait of {} days is longer than a message can be delayed, {} days: make it shorter, or set `max_delay`",
        days(wait),
        days(reach)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const REACH: Duration = Duration::from_secs(1_000_000);

    #[test]
    fn what_makes_sense() {
        for policy in [
            RetryPolicy::default(),
            RetryPolicy::none(),
            RetryPolicy::pikabus(),
            RetryPolicy::fixed(Duration::ZERO).max_retries(MOST_AT_ONCE),
            RetryPolicy::fixed(REACH).max_retries(MOST_RETRIES).jitter(1.0),
            RetryPolicy::exponential(SECOND).max_retries(MOST_RETRIES),
            RetryPolicy::exponential(2 * Duration::from_secs(3600)),
            RetryPolicy::exponential(SECOND).max_delay(SECOND).immediate(9),
            RetryPolicy::delays([Duration::ZERO, SECOND]).immediate(3),
            RetryPolicy::none().on::<std::fmt::Error>(RetryPolicy::pikabus()),
            RetryPolicy::none().when(|_| true, Verdict::Retry(REACH)),
        ] {
            assert_eq!(policy.check(REACH), Ok(()), "{policy:?}");
        }
    }

    #[test]
    fn what_makes_none() {
        let exponential = || RetryPolicy::exponential(SECOND);
        for (policy, reason) in [
            (exponential().jitter(-0.1), "`jitter` is -0.1"),
            (exponential().jitter(1.5), "`jitter` is 1.5"),
            (exponential().jitter(f64::NAN), "`jitter` is NaN"),
            (RetryPolicy::delays([]), "`delays` has none"),
            (RetryPolicy::exponential(Duration::ZERO), "never grow"),
            (RetryPolicy::linear(Duration::ZERO), "never grow"),
            (exponential().max_delay(SECOND / 2), "`max_delay` is 500ms"),
            (RetryPolicy::fixed(SECOND).max_delay(Duration::ZERO), "`max_delay` is 0ns"),
            (exponential().max_retries(u32::MAX), "never reach the error queue"),
            (exponential().max_retries(2).immediate(3), "`immediate` is 3"),
            (RetryPolicy::none().immediate(1), "`immediate` is 1"),
            (RetryPolicy::fixed(Duration::ZERO).max_retries(1_001), "1001 retries come without any wait"),
            (exponential().max_retries(9_999).immediate(9_998), "9998 retries come without any wait"),
            (RetryPolicy::fixed(REACH + SECOND), "a wait of 11 days"),
            (RetryPolicy::fixed(Duration::MAX), "make it shorter"),
            (RetryPolicy::exponential(REACH + SECOND), "make it shorter"),
            (exponential().max_retries(40).max_delay(Duration::MAX), "make it shorter"),
            (RetryPolicy::delays([SECOND, 2 * REACH]), "make it shorter"),
            (
                RetryPolicy::none().when(|_| true, Verdict::Retry(2 * REACH)),
                "in the rule on a predicate: a wait",
            ),
            (
                RetryPolicy::none().on::<std::fmt::Error>(exponential().jitter(2.0)),
                "core::fmt::Error: `jitter`",
            ),
            (RetryPolicy::none().when(|_| true, exponential().when(|_| true, Verdict::Discard)), "has rules"),
        ] {
            let said = policy.check(REACH).expect_err(reason);
            assert!(said.contains(reason), "{said}");
        }
    }
}
