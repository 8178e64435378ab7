use std::time::Duration;

/// The waits before one retry after the other.
#[derive(Debug, Clone)]
pub(super) enum Curve {
    /// Always the same.
    Fixed(Duration),
    /// One step longer each time.
    Linear(Duration),
    /// Twice as long each time.
    Exponential(Duration),
    /// As written down; the last one again for what follows.
    List(Vec<Duration>),
}

impl Curve {
    /// The wait before retry number `nth`, counted from 1.
    pub(super) fn wait(&self, nth: u32) -> Duration {
        let before = nth.saturating_sub(1);
        match self {
            Self::Fixed(wait) => *wait,
            Self::Linear(step) => step.saturating_mul(nth),
            Self::Exponential(first) => first.saturating_mul(1 << before.min(31)),
            Self::List(waits) => {
                let nth = usize::try_from(before).ok().and_then(|before| waits.get(before));
                nth.or(waits.last()).copied().unwrap_or_default()
            }
        }
    }

    /// The longest of the first `count` waits.
    pub(super) fn longest(&self, count: u32) -> Duration {
        match self {
            Self::List(waits) => {
                let used = usize::try_from(count).unwrap_or(usize::MAX);
                waits.iter().take(used).max().copied().unwrap_or_default()
            }
            _ => self.wait(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits() {
        let seconds = Duration::from_secs;
        let list = Curve::List(vec![seconds(1), seconds(60), seconds(5)]);
        for (curve, waits, longest) in [
            (Curve::Fixed(seconds(7)), [7, 7, 7, 7], 7),
            (Curve::Linear(seconds(2)), [2, 4, 6, 8], 8),
            (Curve::Exponential(seconds(3)), [3, 6, 12, 24], 24),
            (list, [1, 60, 5, 5], 60),
        ] {
            assert_eq!([1, 2, 3, 4].map(|nth| curve.wait(nth).as_secs()), waits, "{curve:?}");
            assert_eq!(curve.longest(4).as_secs(), longest, "{curve:?}");
            let _ = curve.wait(u32::MAX); // no overflow
        }
        assert_eq!(Curve::Linear(Duration::MAX).wait(2), Duration::MAX);
        assert_eq!(Curve::List(Vec::new()).wait(1), Duration::ZERO);
    }
}
