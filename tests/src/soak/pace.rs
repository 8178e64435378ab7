use std::time::{Duration, Instant};

use tokio::{
    sync::{Semaphore, watch},
    time::{MissedTickBehavior, interval},
};

use super::{ledger::Counts, options::SoakOptions, world::World};

/// How often tickets are given out.
const TICK: Duration = Duration::from_millis(10);

/// How many messages may be on their way, so that a slow endpoint slows down the senders.
const ON_THEIR_WAY: u64 = 5_000;

/// A run in which nothing happens for longer than this is over, whatever it was to last: so many are lost that there
/// is no room for more.
const STUCK: Duration = Duration::from_secs(120);

/// Tickets for sending: one for each message.
#[derive(Debug)]
pub(super) struct Pace(Semaphore);

impl Pace {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(0))
    }

    /// Waits for so many tickets; `false` when no more are given out.
    pub(super) async fn take(&self, tickets: u32) -> bool {
        self.0.acquire_many(tickets).await.map(tokio::sync::SemaphorePermit::forget).is_ok()
    }

    /// From now on nobody gets a ticket.
    pub(super) fn close(&self) {
        self.0.close();
    }

    /// Gives out tickets until closed, and says when the run has lasted long enough: the faults end first.
    pub(super) async fn run(&self, options: &SoakOptions, world: &World, over: watch::Sender<bool>) {
        let (started, mut given) = (Instant::now(), 0);
        let (mut issued, mut moved_at) = (0, started);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.0.is_closed() {
            tick.tick().await;
            let counts = world.ledger.counts();
            if counts.issued > issued {
                (issued, moved_at) = (counts.issued, Instant::now());
            }
            let enough = options.messages.is_some_and(|messages| issued >= messages);
            if enough || started.elapsed() >= options.time || moved_at.elapsed() >= STUCK {
                over.send_if_modified(|over| !std::mem::replace(over, true));
            }
            let due =
                options.rate.map_or(u64::MAX, |rate| due(rate, started.elapsed()).saturating_sub(given));
            let more = due.min(room(&counts, self.0.available_permits() as u64));
            self.0.add_permits(usize::try_from(more).unwrap_or_default());
            given += more;
        }
    }
}

/// How many messages a rate allows in a time.
fn due(rate: u64, elapsed: Duration) -> u64 {
    u64::try_from(u128::from(rate) * elapsed.as_millis() / 1000).unwrap_or(u64::MAX)
}

fn room(counts: &Counts, unused: u64) -> u64 {
    let ended = counts.handled + counts.unknown + counts.not_sent + counts.failed;
    ON_THEIR_WAY.saturating_sub(counts.issued.saturating_sub(ended)).saturating_sub(unused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_follow_the_rate_and_the_room() {
        assert_eq!(due(500, Duration::from_millis(10)), 5);
        assert_eq!(due(1, Duration::from_millis(999)), 0);
        let counts = Counts { issued: 4_000, handled: 1_000, ..Counts::default() };
        assert_eq!(room(&counts, 0), 2_000);
        assert_eq!(room(&counts, 1_500), 500);
        assert_eq!(room(&Counts { issued: 9_000, ..counts }, 0), 0);
    }
}
