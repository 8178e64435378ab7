use std::time::Duration;

/// When a failed message is tried again, and how often.
///
/// The default is PikaBus' number with a better curve: 5 retries, exponential from 1 s, with jitter.
///
/// ```
/// use std::time::Duration;
/// use leveret::RetryPolicy;
///
/// let patient = RetryPolicy::exponential(Duration::from_secs(1)).max_retries(8);
/// let quick = RetryPolicy::fixed(Duration::from_millis(100)).max_retries(2).immediate(1);
/// let never = RetryPolicy::none();
/// # let _ = (patient, quick, never);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    curve: Curve,
    max_retries: u32,
    immediate: u32,
    max_delay: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Curve {
    Fixed(Duration),
    Exponential(Duration),
}

/// A wait that doubles forever would outlast the program.
const MAX_DELAY: Duration = Duration::from_secs(60 * 60);

impl RetryPolicy {
    /// Waits `first` before the first retry, and twice as long before each further one; half of each wait is jitter.
    /// At most an hour, unless [`max_delay`](Self::max_delay) says otherwise. 5 retries.
    pub fn exponential(first: Duration) -> Self {
        Self { curve: Curve::Exponential(first), max_retries: 5, immediate: 0, max_delay: MAX_DELAY }
    }

    /// Waits `delay` before each retry. 5 retries.
    pub fn fixed(delay: Duration) -> Self {
        Self { curve: Curve::Fixed(delay), max_delay: delay, ..Self::exponential(delay) }
    }

    /// No retry at all: what fails goes to the error queue.
    pub fn none() -> Self {
        Self::fixed(Duration::ZERO).max_retries(0)
    }

    /// How many retries there are, the immediate ones included. 0 is none.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
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
        self.max_delay = delay;
        self
    }

    /// The wait before retry number `retry`, counted from 1; `None` when there is none. `jitter` is from 0 to 1.
    pub(super) fn delay(&self, retry: u32, jitter: f64) -> Option<Duration> {
        if retry > self.max_retries {
            return None;
        }
        if retry <= self.immediate {
            return Some(Duration::ZERO);
        }
        Some(match self.curve {
            Curve::Fixed(delay) => delay,
            Curve::Exponential(first) => {
                let doublings = (retry - self.immediate - 1).min(31);
                let full = first.saturating_mul(1 << doublings).min(self.max_delay);
                full.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0))
            }
        })
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::exponential(Duration::from_secs(1))
    }
}
