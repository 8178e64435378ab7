use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What one run has shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measurement {
    pub(crate) messages: u64,
    /// The time they took together.
    pub(crate) seconds: f64,
    /// The processor time of the contestant's process meanwhile, all threads, user and system.
    pub(crate) cpu_seconds: f64,
    /// The most memory that its process has held from its start on; `None` where the system does not tell.
    pub(crate) peak_bytes: Option<u64>,
    /// The share of the machine's processor time that its host gave to others meanwhile; `None` where the system does not
    /// tell.
    pub(crate) stolen: Option<f64>,
    /// How long single messages took, where one went after another.
    pub(crate) latency: Option<Latency>,
}

impl Measurement {
    /// Messages a second.
    pub(crate) fn rate(&self) -> f64 {
        self.messages as f64 / self.seconds
    }

    /// Processor seconds for 100,000 messages.
    pub(crate) fn cpu(&self) -> f64 {
        self.cpu_seconds * 100_000.0 / self.messages as f64
    }
}

/// How long single messages took, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Latency {
    /// Half of the times are at most the median, and 99 of 100 at most the 99th percentile. `None` of no times.
    pub(crate) fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100);
            times.get(rank.checked_sub(1)?).map(Duration::as_secs_f64)
        };
        Some(Self { p50: at(50)?, p99: at(99)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let of = |times: &[u64]| Latency::of(times.iter().map(|it| Duration::from_secs(*it)).collect());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some(Latency { p50: 7.0, p99: 7.0 }));
        assert_eq!(of(&[3, 1, 2]), Some(Latency { p50: 2.0, p99: 3.0 }));
        let hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(of(&hundred), Some(Latency { p50: 50.0, p99: 99.0 }));
    }

    #[test]
    fn rates_and_processor_time_are_per_message() {
        let measured = Measurement {
            messages: 500,
            seconds: 0.25,
            cpu_seconds: 0.1,
            peak_bytes: None,
            stolen: None,
            latency: None,
        };
        assert!((measured.rate() - 2_000.0).abs() < 1e-9);
        assert!((measured.cpu() - 20.0).abs() < 1e-9);
    }
}
