use std::time::Duration;

use tokio::time::Instant;

/// A quorum queue takes in about 32 settlements of a channel at a time. What comes faster waits in the broker's side of
/// the channel, and is forgotten when the channel is closed meanwhile (seen on 3.10: 224 to 364 of 400 messages came
/// again that had been acknowledged).
const TAKEN_IN: u32 = 16;
/// How long the broker gets to take in the rest.
const PAUSE: Duration = Duration::from_millis(500);

/// How much a channel has told the broker of late. Pure.
#[derive(Debug)]
pub(super) struct Burst {
    told: u32,
    since: Instant,
}

impl Burst {
    pub(super) fn new(now: Instant) -> Self {
        Self { told: 0, since: now }
    }

    /// One settlement was told.
    pub(super) fn tell(&mut self, now: Instant) {
        if now.saturating_duration_since(self.since) > PAUSE {
            *self = Self::new(now);
        }
        self.told = self.told.saturating_add(1);
    }

    /// How long the channel must stay open, so that nothing it has told is forgotten.
    pub(super) fn pause(&self) -> Duration {
        if self.told > TAKEN_IN { PAUSE } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_burst_is_waited_for() {
        let start = Instant::now();
        for (told, apart, waits) in
            [(0, 0, false), (16, 1, false), (17, 1, true), (400, 0, true), (40, 50, false)]
        {
            let mut burst = Burst::new(start);
            for n in 0..told {
                burst.tell(start + Duration::from_millis(n * apart));
            }
            assert_eq!(burst.pause() > Duration::ZERO, waits, "{told} settlements, {apart} ms apart");
        }
    }
}
