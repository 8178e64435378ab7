use crate::{measure::Measurement, scenario::Scenario};

/// What of a run is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    /// Messages a second.
    Rate,
    /// The median of how long single messages took, in seconds.
    Latency,
    /// Processor seconds for 100,000 messages.
    Processor,
    /// The most memory, in bytes.
    Memory,
}

impl Aspect {
    /// What a scenario is there to show.
    pub(super) fn of(scenario: Scenario) -> Self {
        if scenario.is_latency() { Self::Latency } else { Self::Rate }
    }

    pub(super) fn value(self, measured: &Measurement) -> Option<f64> {
        match self {
            Self::Rate => Some(measured.rate()),
            Self::Latency => measured.latency.map(|latency| latency.p50),
            Self::Processor => Some(measured.cpu()),
            Self::Memory => measured.peak_bytes.map(|bytes| bytes as f64),
        }
    }
}
