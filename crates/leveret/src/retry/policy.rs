use std::{error::Error as StdError, time::Duration};

use super::{
    curve::Curve,
    rule::{Rule, Treatment},
};
use crate::error::Failure;

/// When a failed message is tried again, and how often.
///
/// The default is PikaBus' number with a better curve: 5 retries, exponential from 1 s, with jitter. [`Bus::start`] says
/// so if a policy makes no sense.
///
/// ```
/// use std::time::Duration;
/// use leveret::{RetryPolicy, retry::Verdict};
///
/// let patient = RetryPolicy::exponential(Duration::from_secs(1)).max_retries(8);
/// let quick = RetryPolicy::fixed(Duration::from_millis(100)).max_retries(2).immediate(1);
/// let by_hand = RetryPolicy::delays([1, 10, 60].map(Duration::from_secs)).jitter(0.1);
/// let never = RetryPolicy::none();
///
/// let with_rules = RetryPolicy::pikabus()
///     .on::<std::num::ParseIntError>(Verdict::MoveToError)
///     .on::<std::io::Error>(patient)
///     .when(|failure| failure.to_string().contains("deadlock"), quick);
/// # let _ = (by_hand, never, with_rules);
/// ```
///
/// [`Bus::start`]: crate::BusBuilder::start
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    pub(super) curve: Curve,
    /// How many retries there are; `None` for as many as the curve suggests.
    retries: Option<u32>,
    pub(super) immediate: u32,
    /// What the longest wait was said to be.
    pub(super) cap: Option<Duration>,
    pub(super) jitter: f64,
    pub(super) rules: Vec<Rule>,
}

/// How many retries there are unless said otherwise, as in PikaBus.
const RETRIES: u32 = 5;

/// Unless said otherwise, a wait that grows stops growing here: one that doubles forever would outlast the program.
const LONGEST_GROWN: Duration = Duration::from_secs(60 * 60);

impl RetryPolicy {
    fn new(curve: Curve, jitter: f64) -> Self {
        Self { curve, retries: None, immediate: 0, cap: None, jitter, rules: Vec::new() }
    }

    /// Waits `first` before the first retry, and twice as long before each further one; half of each wait is jitter.
    /// At most an hour (or `first`, if that is longer), unless [`max_delay`](Self::max_delay) says otherwise. 5 retries.
    pub fn exponential(first: Duration) -> Self {
        Self::new(Curve::Exponential(first), 0.5)
    }

    /// Waits `step` before the first retry, and one `step` longer before each further one. At most an hour (or `step`,
    /// if that is longer), unless [`max_delay`](Self::max_delay) says otherwise. 5 retries, no jitter.
    pub fn linear(step: Duration) -> Self {
        Self::new(Curve::Linear(step), 0.0)
    }

    /// Waits `delay` before each retry. 5 retries, no jitter.
    pub fn fixed(delay: Duration) -> Self {
        Self::new(Curve::Fixed(delay), 0.0)
    }

    /// Waits the first of `delays` before the first retry, and so on: as many retries as delays, no jitter. With more
    /// [`max_retries`](Self::max_retries) the last delay is repeated.
    pub fn delays(delays: impl IntoIterator<Item = Duration>) -> Self {
        Self::new(Curve::List(delays.into_iter().collect()), 0.0)
    }

    /// What PikaBus does by default: 5 retries, after 2, 4, 6, 8 and 10 seconds, no jitter.
    pub fn pikabus() -> Self {
        Self::linear(Duration::from_secs(2))
    }

    /// No retry at all: what fails goes to the error queue.
    pub fn none() -> Self {
        Self::fixed(Duration::ZERO).max_retries(0)
    }

    /// How many retries there are, the immediate ones included: from 0, which is none, to 1,000,000.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// How many of the retries come at once, before the waiting begins.
    #[must_use]
    pub fn immediate(mut self, retries: u32) -> Self {
        self.immediate = retries;
        self
    }

    /// The longest wait between two tries.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.cap = Some(delay);
        self
    }

    /// How much of each wait is left to chance, from 0 (nothing) to 1 (all of it): so that messages that failed together
    /// do not all come again together. It only makes waits shorter.
    #[must_use]
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = share;
        self
    }

    /// A rule: what fails with an `E`, or with an error that an `E` caused, is treated in another way: by a policy of
    /// its own, or by a [`Verdict`](super::Verdict).
    ///
    /// The first rule that matches counts. What the handler said about the very error
    /// ([`permanent`](crate::HandlerError::permanent) and its like) goes before all rules.
    #[must_use]
    pub fn on<E: StdError + 'static>(mut self, treatment: impl Into<Treatment>) -> Self {
        let name = std::any::type_name::<E>();
        self.rules.push(Rule::new(name, |failure| failure.find::<E>().is_some(), treatment.into()));
        self
    }

    /// A rule as [`on`](Self::on), for the failures of which `matches` says so.
    ///
    /// If `matches` panics, that is logged and the policy counts without its rules.
    #[must_use]
    pub fn when(
        mut self,
        matches: impl Fn(&Failure) -> bool + Send + Sync + 'static,
        treatment: impl Into<Treatment>,
    ) -> Self {
        self.rules.push(Rule::new("a predicate", matches, treatment.into()));
        self
    }

    /// The same without its rules.
    pub(crate) fn without_rules(&self) -> Self {
        let mut bare = self.clone();
        bare.rules.clear();
        bare
    }

    /// How many retries there are.
    pub(super) fn retries(&self) -> u32 {
        self.retries.unwrap_or_else(|| match &self.curve {
            Curve::List(waits) => {
                u32::try_from(waits.len()).unwrap_or(u32::MAX).saturating_add(self.immediate)
            }
            _ => RETRIES.max(self.immediate),
        })
    }

    /// The longest that a wait may be.
    pub(super) fn longest(&self) -> Duration {
        self.cap.unwrap_or_else(|| match self.curve {
            Curve::Linear(first) | Curve::Exponential(first) => LONGEST_GROWN.max(first),
            Curve::Fixed(_) | Curve::List(_) => Duration::MAX,
        })
    }

    /// The wait before retry number `retry`, counted from 1; `None` when there is none. `chance` is from 0 to 1.
    pub(super) fn delay(&self, retry: u32, chance: f64) -> Option<Duration> {
        if retry > self.retries() {
            return None;
        }
        if retry <= self.immediate {
            return Some(Duration::ZERO);
        }
        let full = self.curve.wait(retry - self.immediate).min(self.longest());
        let shortened = full.as_secs_f64() * (1.0 - self.jitter * (1.0 - chance));
        Some(Duration::try_from_secs_f64(shortened).map_or(full, |wait| wait.min(full)))
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::exponential(Duration::from_secs(1))
    }
}
