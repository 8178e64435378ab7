use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::transport::Unconfirmed;

/// What others may see of the publishing task.
#[derive(Debug, Default)]
pub(crate) struct Gauge(Mutex<Reading>);

#[derive(Debug, Default, Clone, Copy)]
struct Reading {
    unconfirmed: usize,
    oldest: Option<Instant>,
    stalled: bool,
}

impl Gauge {
    /// Notes what is unconfirmed, and whether a stall is over: the broker last confirmed something at `progress_at`.
    pub(super) fn set(&self, unconfirmed: usize, oldest: Option<Instant>, progress_at: Instant) {
        self.with(|reading| {
            (reading.unconfirmed, reading.oldest) = (unconfirmed, oldest);
            // In this order: the clock is read only while there is a stall.
            reading.stalled = reading.stalled && unconfirmed != 0 && progress_at.elapsed() >= STALL;
        });
    }

    pub(super) fn set_stalled(&self, stalled: bool) -> bool {
        self.with(|reading| std::mem::replace(&mut reading.stalled, stalled))
    }

    /// What is sent and not confirmed.
    pub(crate) fn unconfirmed(&self) -> Unconfirmed {
        let reading = self.with(|reading| *reading);
        Unconfirmed::new(reading.unconfirmed, reading.oldest.map(|since| since.elapsed()))
    }

    /// Whether the broker has confirmed nothing for 5 s although something waits.
    pub(crate) fn is_stalled(&self) -> bool {
        self.with(|reading| reading.stalled)
    }

    fn with<T>(&self, f: impl FnOnce(&mut Reading) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A broker that is quiet for this long, with something to confirm, is stalled (hazard H18).
pub(super) const STALL: Duration = Duration::from_secs(5);
