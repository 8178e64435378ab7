use std::{fmt, time::Duration};

/// Times of one thing, measured several times.
#[derive(Debug, Default)]
pub(super) struct Sample(Vec<Duration>);

impl Sample {
    pub(super) fn add(&mut self, time: Duration) {
        let at = self.0.partition_point(|earlier| *earlier <= time);
        self.0.insert(at, time);
    }

    /// The middle one, in seconds; of an even number the later of the two in the middle.
    pub(super) fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).map_or(f64::NAN, Duration::as_secs_f64)
    }

    /// The shortest, in seconds.
    pub(super) fn least(&self) -> f64 {
        self.0.first().map_or(f64::NAN, Duration::as_secs_f64)
    }

    /// The longest, in seconds.
    fn most(&self) -> f64 {
        self.0.last().map_or(f64::NAN, Duration::as_secs_f64)
    }
}

/// The median and the spread.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} s ({:.2} to {:.2})", self.median(), self.least(), self.most())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_ends() {
        let mut sample = Sample::default();
        for millis in [300, 100, 1200, 200, 400] {
            sample.add(Duration::from_millis(millis));
        }
        assert_eq!(sample.to_string(), "0.30 s (0.10 to 1.20)");
        assert!(Sample::default().median().is_nan());
    }
}
