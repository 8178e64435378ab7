use std::time::Duration;

use tokio::time::Instant;

/// Over how long settlements are counted.
const SPAN: Duration = Duration::from_millis(10);
/// From so many in a span on, 5,000 a second, one ack for many is worth that the first waits for the last. Below that an
/// ack for each costs next to nothing, and one that waits takes the place of a message that might be handled.
const FAST: usize = 50;

/// How fast deliveries are settled of late. Pure.
#[derive(Debug)]
pub(super) struct Pace {
    since: Instant,
    settled: usize,
    was_fast: bool,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { since: now, settled: 0, was_fast: false }
    }

    /// So many were settled.
    pub(super) fn settle(&mut self, settled: usize, now: Instant) {
        let passed = now.saturating_duration_since(self.since);
        if passed >= SPAN {
            let was_fast = self.settled >= FAST && passed < 2 * SPAN;
            *self = Self { was_fast, ..Self::new(now) };
        }
        self.settled += settled;
    }

    /// Whether acks had better wait for each other.
    pub(super) fn is_fast(&self) -> bool {
        self.was_fast || self.settled >= FAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_is_what_fills_a_span() {
        // In milliseconds from the start, and how many.
        for (settled, fast) in [
            (&[][..], false),
            (&[(0, 1)], false),
            (&[(0, 49), (9, 1)], true),
            (&[(0, 49), (10, 1)], false),
            (&[(0, 50), (10, 1)], true),
            (&[(0, 50), (10, 1), (20, 1)], false),
            (&[(0, 50), (20, 1)], false), // it has rested
            (&[(0, 1), (15, 60), (24, 1)], true),
        ] {
            let start = Instant::now();
            let mut pace = Pace::new(start);
            for (at, many) in settled {
                pace.settle(*many, start + Duration::from_millis(*at));
            }
            assert_eq!(pace.is_fast(), fast, "{settled:?}");
        }
    }
}
